import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import type { Page } from '../../src/graph/paging.ts'
import { connect, type ConnectionArgs } from '../../src/loaders/connect.ts'

/** A list as Graph gives it: rows may be filtered out after the limit, so a page can be short or empty and go on. */
function graphList(rows: readonly number[], isVisible: (row: number) => boolean = () => true) {
  const calls: { limit: number; after: string | null }[] = []
  const fetch = async (limit: number, after: string | null): Promise<Page<number>> => {
    calls.push({ limit, after })
    const start = after === null ? 0 : Number(after.slice(1))
    const end = start + limit
    return {
      data: rows.slice(start, end).filter((row) => isVisible(row)),
      after: end < rows.length ? `c${end}` : null,
    }
  }
  return { fetch, calls }
}

async function walk(fetch: (limit: number, after: string | null) => Promise<Page<number>>, first: number) {
  const pages: number[][] = []
  let after: string | null = null
  for (let hasNext = true; hasNext;) {
    const page: Awaited<ReturnType<typeof connect<number>>> = await connect({ first, after }, fetch)
    pages.push(page.edges.map(({ node }) => node))
    hasNext = page.pageInfo.hasNextPage
    after = page.pageInfo.endCursor
  }
  return pages
}

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
          const page = await connect({ first }, fetch)
          const edge = page.edges[row % (page.edges.length || 1)]
          const rest = await connect({ first: 5, after: edge?.cursor ?? null }, fetch)
          const start = edge ? all.indexOf(edge.node) + 1 : 0
          expect(rest.edges.map(({ node }) => node)).toEqual(all.slice(start, start + 5))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('costs no call when the parent brought the page', async () => {
    const { fetch, calls } = graphList(numbers(10))
    const brought = await fetch(5, null)
    calls.length = 0
    const page = await connect({ first: 5 }, fetch, brought)
    expect(page.edges.map(({ node }) => node)).toEqual([0, 1, 2, 3, 4])
    expect(page.pageInfo.hasNextPage).toBe(true)
    expect(calls).toEqual([])
  })

  it('says that nothing follows a page that is just full', async () => {
    const { fetch } = graphList(numbers(5))
    expect((await connect({ first: 5 }, fetch)).pageInfo).toMatchObject({ hasNextPage: false })
  })

  it('stops when Graph gives the same cursor again', async () => {
    let calls = 0
    const page = await connect({ first: 10 }, async () => {
      calls++
      return { data: [1], after: 'same' }
    })
    expect(page.pageInfo.hasNextPage).toBe(false)
    expect(calls).toBe(2)
  })

  it('stops an endless row of empty pages and lets the caller go on from there', async () => {
    let calls = 0
    const page = await connect<number>({ first: 10 }, async () => ({ data: [], after: `c${calls++}` }))
    expect(calls).toBe(20)
    expect(page.pageInfo).toMatchObject({ hasNextPage: true, endCursor: expect.any(String) as string })
  })

  it.each<[string, ConnectionArgs]>([
    ['a page of nothing', { first: 0 }],
    ['a negative page', { first: -1 }],
    ['a page of more than 100', { first: 101 }],
    ['a cursor that is none', { after: 'hello' }],
    [
      'a cursor with characters that no Graph cursor has',
      { after: Buffer.from('0:x){access_token').toString('base64url') },
    ],
  ])('refuses %s without a call', async (_, args) => {
    const { fetch, calls } = graphList(numbers(5))
    await expect(connect(args, fetch)).rejects.toMatchObject({ kind: 'input' })
    expect(calls).toEqual([])
  })

  it('whose time is over ends with what was read, and goes on from there; a first page fails', async () => {
    const { fetch } = graphList(numbers(40), (row) => row > 8)
    const failing =
      (kind: 'timeout' | 'permission', from: string | null) =>
      async (limit: number, after: string | null) => {
        if (after === from) throw new GraphError(kind, 'It failed.')
        return fetch(limit, after)
      }
    const page = await connect({ first: 5 }, failing('timeout', 'c10'))
    expect(page.edges.map(({ node }) => node)).toEqual([9])
    expect(page.pageInfo.hasNextPage).toBe(true)
    const next = await connect({ first: 5, after: page.pageInfo.endCursor }, fetch)
    expect(next.edges.map(({ node }) => node)).toEqual([10, 11, 12, 13, 14])
    await expect(connect({ first: 5 }, failing('timeout', null))).rejects.toMatchObject({ kind: 'timeout' })
    await expect(connect({ first: 5 }, failing('permission', 'c10'))).rejects.toMatchObject({
      kind: 'permission',
    })
  })
})
