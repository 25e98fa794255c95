import { setTimeout as sleep } from 'node:timers/promises'
import { filterOf, entryOf, type Entry, type Item } from './items.ts'

const query = /* GraphQL */ `
  query Log($after: String, $filter: EventFilter) {
    events(first: 100, after: $after, filter: $filter) {
      edges {
        cursor
        node {
          __typename
          ... on SolutionEvent {
            appId
            solutionId
          }
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[]
  readonly pageInfo: { readonly hasNextPage: boolean }
}

/** The log behind a cursor, or from its beginning, to its end, as the `events` query tells it. */
export async function readLog(url: string, after: string | null): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (let cursor = after; ; cursor = entries.at(-1)?.cursor ?? cursor) {
    const { edges, pageInfo } = await readPage(url, cursor)
    entries.push(...edges.flatMap(({ cursor, node }) => entryOf({ ...node, cursor }) ?? []))
    if (!pageInfo.hasNextPage) return entries
  }
}

/** Right after a fault the first answer may be that the store is away. */
const tries = 20
const pauseMs = 250

async function readPage(url: string, after: string | null): Promise<Page> {
  for (let failures = 1; ; failures++) {
    try {
      return await askPage(url, after)
    } catch (error) {
      if (failures === tries) throw error
      await sleep(pauseMs)
    }
  }
}

async function askPage(url: string, after: string | null): Promise<Page> {
  const filter = filterOf({ after: '', appId: null })
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { after, filter } }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  const { data } = JSON.parse(text) as { data?: { events: Page } | null }
  if (!data) throw new Error(`The log could not be read: ${text}`)
  return data.events
}
