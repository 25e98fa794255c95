import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import type { Page } from '../../src/graph/paging.ts'
import { connect, type ConnectionArgs } from '../../src/reads/connect.ts'

interface Row {
  readonly id: string
}
type Fetch = (limit: number, after: string | null) => Promise<Page<Row>>

/** A list as Graph gives it: rows may be filtered out after the limit, so a page can be short or empty and go on. */
function graphList(rows: readonly number[], isVisible: (row: number) => boolean = () => true) {
  const calls: { limit: number; after: string | null }[] = []
  const fetch = async (limit: number, after: string | null): Promise<Page<Row>> => {
    calls.push({ limit, after })
    const start = after === null ? 0 : Number(after.slice(1))
    const end = start + limit
    const visible = rows.slice(start, end).filter((row) => isVisible(row))
    return { data: visible.map((row) => ({ id: String(row) })), after: end < rows.length ? `c${end}` : null }
  }
  return { fetch, calls }
}

const page = async (args: ConnectionArgs, fetch: Fetch, brought: Page<Row> | null = null, list = 'a list') =>
  connect(args, { name: () => list, fetch }, brought)
const idsOf = ({ edges }: Awaited<ReturnType<typeof page>>) => edges.map(({ node }) => Number(node.id))

async function walk(fetch: Fetch, first: number) {
  const pages: number[][] = []
  let after: string | null = null
  for (let hasNext = true; hasNext;) {
    const next: Awaited<ReturnType<typeof page>> = await page({ first, after }, fetch)
    pages.push(idsOf(next))
    hasNext = next.pageInfo.hasNextPage
    after = next.pageInfo.endCursor
  }
  return pages
}

const made = (text: string): string => Buffer.from(text).toString('base64url')
const digest = hash('sha256', 'a list', 'base64url').slice(0, 8)
const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index)

describe('a connection over a list of Graph', () => {
  it('gives every row once and in order, whatever the page sizes and however Graph filters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(120),
        fc.integer({ min: 1, max: 40 }),
        fc.func(fc.boolean()),
        async (length, first, isVisible) => {
          const { fetch } = graphList(numbers(length), isVisible)
          const pages = await walk(fetch, first)
          expect(pages.flat()).toEqual(numbers(length).filter((row) => isVisible(row)))
          expect(pages.every((page) => page.length <= first)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('goes on from any row with any page size, not only from the end of a page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.func(fc.boolean()),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(60),
        async (isVisible, first, row) => {
          const { fetch } = graphList(numbers(60), isVisible)
          const all = numbers(60).filter((number) => isVisible(number))
          const { edges } = await page({ first }, fetch)
          const edge = edges[row % (edges.length || 1)]
          const rest = await page({ first: 5, after: edge?.cursor ?? null }, fetch)
          const start = edge ? all.indexOf(Number(edge.node.id)) + 1 : 0
          expect(idsOf(rest)).toEqual(all.slice(start, start + 5))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('costs no call when the parent brought the page', async () => {
    const { fetch, calls } = graphList(numbers(10))
    const brought = await fetch(5, null)
    calls.length = 0
    const first = await page({ first: 5 }, fetch, brought)
    expect(idsOf(first)).toEqual([0, 1, 2, 3, 4])
    expect(first.pageInfo.hasNextPage).toBe(true)
    expect(calls).toEqual([])
  })

  it('says that nothing follows a page that is just full', async () => {
    const { fetch } = graphList(numbers(5))
    expect((await page({ first: 5 }, fetch)).pageInfo).toMatchObject({ hasNextPage: false })
  })

  it('stops when Graph gives the same cursor again', async () => {
    let calls = 0
    const same = await page({ first: 10 }, async () => {
      calls++
      return { data: [{ id: '1' }], after: 'same' }
    })
    expect(same.pageInfo.hasNextPage).toBe(false)
    expect(calls).toBe(2)
  })

  it('stops an endless row of empty pages and lets the caller go on from there', async () => {
    let calls = 0
    const empty = await page({ first: 10 }, async () => ({ data: [], after: `c${calls++}` }))
    expect(calls).toBe(20)
    expect(empty.pageInfo).toMatchObject({ hasNextPage: true, endCursor: expect.any(String) as string })
  })

  it.each<[string, ConnectionArgs]>([
    ['a page of nothing', { first: 0 }],
    ['a negative page', { first: -1 }],
    ['a page of more than 100', { first: 101 }],
    ['a cursor that is none', { after: 'hello' }],
    ['a cursor that only says how many rows to pass over', { after: made('5:') }],
    ['a cursor with characters that no Graph cursor has', { after: made(`0:${digest}:::x){access_token`) }],
    ['a cursor with rows that are none', { after: made(`1:${digest}:1.x::`) }],
    ['a cursor with more rows than any has', { after: made(`1:${digest}:${numbers(30).join('.')}::`) }],
    ['a cursor behind rows that it does not name', { after: made(`1:${digest}:::`) }],
    ['a cursor of another list', { after: made(`0:AAAAAAAA:1::c10`) }],
  ])('refuses %s without a call', async (_, args) => {
    const { fetch, calls } = graphList(numbers(5))
    await expect(page(args, fetch)).rejects.toMatchObject({ kind: 'input' })
    expect(calls).toEqual([])
  })

  it('takes no cursor of a list with another filter', async () => {
    const { fetch } = graphList(numbers(40))
    const after = (await page({ first: 5 }, fetch)).pageInfo.endCursor
    expect(idsOf(await page({ first: 2, after }, fetch))).toEqual([5, 6])
    await expect(page({ first: 2, after }, fetch, null, 'another')).rejects.toThrow(
      'not a cursor of this list',
    )
  })

  it('whose time is over ends with what was read, and goes on from there; a first page fails', async () => {
    const { fetch } = graphList(numbers(40), (row) => row > 8)
    const failing =
      (kind: 'timeout' | 'permission', from: string | null) =>
      async (limit: number, after: string | null) => {
        if (after === from) throw new GraphError(kind, 'It failed.')
        return fetch(limit, after)
      }
    const short = await page({ first: 5 }, failing('timeout', 'c10'))
    expect(idsOf(short)).toEqual([9])
    expect(short.pageInfo.hasNextPage).toBe(true)
    const next = await page({ first: 5, after: short.pageInfo.endCursor }, fetch)
    expect(idsOf(next)).toEqual([10, 11, 12, 13, 14])
    await expect(page({ first: 5 }, failing('timeout', null))).rejects.toMatchObject({ kind: 'timeout' })
    await expect(page({ first: 5 }, failing('permission', 'c10'))).rejects.toMatchObject({
      kind: 'permission',
    })
  })
})
