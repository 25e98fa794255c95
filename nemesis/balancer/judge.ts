import type { Fleet } from '../../test/support/fleet.ts'
import type { Load } from './load.ts'
import type { Reader } from './reader.ts'

/** One event of the log as far as it tells whether another one is the same. */
interface Logged {
  readonly cursor: string
  readonly node: {
    readonly appId: string
    readonly kind: string
    readonly source: string
    readonly solutionId?: string
    readonly errorCode?: string
  }
}

interface Page {
  readonly edges: readonly Logged[]
  readonly pageInfo: { readonly hasNextPage: boolean }
}

const query = `query ($after: String) {
  events(first: 100, after: $after) {
    edges {
      cursor
      node {
        appId kind source
        ... on SolutionEvent { solutionId }
        ... on SignupSessionEvent { errorCode }
      }
    }
    pageInfo { hasNextPage }
  }
}`

/** The whole log, in its order. */
export async function logOf(fleet: Fleet): Promise<readonly Logged[]> {
  const log: Logged[] = []
  for (let isMore = true; isMore;) {
    const { events } = (await fleet.play.ask(query, { after: log.at(-1)?.cursor ?? null })) as {
      events: Page
    }
    log.push(...events.edges)
    isMore = events.pageInfo.hasNextPage
  }
  return log
}

/** Whether a reader has come to the end of the log. */
export const isThrough = ({ cursors }: Reader, log: readonly Logged[]): boolean =>
  cursors.at(-1) === log.at(-1)?.cursor

/** Each event from the first that it was sent, once and in the order of the log. */
export function judgeReader({ cursors }: Reader, log: readonly Logged[]): readonly string[] {
  const all = log.map(({ cursor }) => cursor)
  const due = all.slice(Math.max(all.indexOf(cursors[0] ?? ''), 0))
  const [got, known] = [new Set(cursors), new Set(due)]
  return [
    ...due.filter((cursor) => !got.has(cursor)).map((cursor) => `a reader has not had ${cursor}`),
    ...cursors.filter((cursor) => !known.has(cursor)).map((cursor) => `a reader had a stranger: ${cursor}`),
    ...(cursors.length === got.size ? [] : [`a reader had ${cursors.length - got.size} events twice`]),
    ...(cursors.join() === due.join() || got.size !== cursors.length ? [] : ['a reader had another order']),
  ]
}

/** What was answered as done is done, and nothing is done twice. */
export function judgeWrites(
  fleet: Fleet,
  { solutions, signups }: Load,
  log: readonly Logged[],
): readonly string[] {
  const made = fleet.play.sim.state().solutions.map(({ name }) => name)
  const told = log.flatMap(({ node }) => node.errorCode ?? [])
  const moves = log.flatMap(({ node: { appId, kind, source, solutionId } }) =>
    solutionId === undefined ? [] : `${kind} of ${solutionId} for ${appId} by ${source}`,
  )
  return [
    ...judgeCounts('a solution', solutions, made),
    ...judgeCounts('a signup', signups, told),
    ...moves
      .filter((move, index) => moves.indexOf(move) !== index)
      .map((move) => `twice in the log: ${move}`),
  ]
}

function judgeCounts(what: string, asked: ReadonlyMap<string, boolean>, found: readonly string[]) {
  const counts = new Map<string, number>()
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...asked].flatMap(([name, isDone]) => {
    const count = counts.get(name) ?? 0
    if (count > 1) return [`${what}, ${name}, was made ${count} times`]
    if (!isDone) return [`${what}, ${name}, was never answered as done`]
    return count === 1 ? [] : [`${what}, ${name}, was answered as done and is not there`]
  })
}
