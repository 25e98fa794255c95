import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/reads/connect.ts'
import { ListChanged } from '../../src/reads/list-position.ts'
import { ChangingList, lives, type Life } from './support/changing-list.ts'

interface Change {
  readonly kind: 'remove' | 'insert' | 'move'
  readonly at: number
  readonly count: number
  readonly to?: number
}

interface NextStep {
  readonly first: number
  /** What happens before the page is read. */
  readonly before: readonly Change[]
  /** What happens before the second call to Graph for it. */
  readonly between: readonly Change[]
}

const change = fc.record<Change>({
  kind: fc.constantFrom('remove', 'insert'),
  at: fc.nat(1000),
  count: fc.integer({ min: 1, max: 12 }),
})
const step = fc.record<NextStep>({
  first: fc.integer({ min: 1, max: 30 }),
  before: fc.array(change, { maxLength: 3 }),
  between: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(change, { maxLength: 2 })),
})

function apply(list: ChangingList, changes: readonly Change[]): void {
  for (const { kind, at, count, to = 0 } of changes)
    for (let each = 0; each < count; each++) {
      if (kind === 'insert') list.insert(at)
      else if (kind === 'move') list.move(at, to)
      else if (list.length > 0) list.remove(at)
    }
}

const all = () => true

const name = (): string => 'a list'

/** What somebody is shown who reads to the end, whatever happens on the way, and is told. */
async function walk(list: ChangingList, steps: readonly NextStep[]) {
  const shown: string[] = []
  let told = 0
  let after: string | null = null
  for (let turn = 0; ; turn++) {
    if (turn > 400) throw new Error('The list has no end')
    const { first, before, between } = steps[turn] ?? { first: 7, before: [], between: [] }
    apply(list, before)
    let calls = 0
    const fetch = async (limit: number, cursor: string | null) => {
      if (++calls === 2) apply(list, between)
      return list.fetch(limit, cursor)
    }
    try {
      const page: Awaited<ReturnType<typeof connect>> = await connect({ first, after }, { name, fetch })
      shown.push(...page.edges.map(({ node }) => node.id))
      expect(page.edges.length).toBeLessThanOrEqual(first)
      if (!page.pageInfo.hasNextPage) return { shown, told }
      after = page.pageInfo.endCursor
    } catch (error) {
      if (!(error instanceof ListChanged)) throw error
      told += 1
      after = error.resumeFrom
    }
  }
}

describe('a list of Graph that changes while it is read page by page', () => {
  it.each<[Life]>(lives.map((life) => [life]))(
    'shows each row that stays once and in order, or says that it has changed: cursors that live %s',
    async (life) => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(150),
          fc.array(step, { minLength: 1, maxLength: 12 }),
          fc.oneof(
            fc.constant(() => true),
            fc.func(fc.boolean()),
          ),
          async (length, steps, isVisible) => {
            const list = new ChangingList(length, life, isVisible)
            const { shown, told } = await walk(list, steps)
            const { staying } = list
            if (told === 0) expect(shown.filter((id) => staying.includes(id))).toEqual(staying)
            else expect(staying.filter((id) => !shown.includes(id))).toEqual([])
          },
        ),
        { numRuns: 300 },
      )
    },
  )

  it('is not misled by a row that leaves and comes back elsewhere, be it the last that was shown', async () => {
    const place = fc.nat(100)
    const sizes = fc.array(fc.integer({ min: 3, max: 30 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(100),
        sizes,
        fc.record({ turn: fc.nat(12), at: place, to: place }),
        fc.oneof(fc.constant(all), fc.func(fc.boolean())),
        async (length, firsts, { turn, at, to }, isVisible) => {
          const list = new ChangingList(length, 'until any change', isVisible)
          const move = { kind: 'move', at, to, count: 1 } as const
          const steps = firsts.map((first, index) => ({
            first,
            before: index === turn ? [move] : [],
            between: [],
          }))
          const { shown, told } = await walk(list, steps)
          const { staying } = list
          if (told === 0) expect(shown.filter((id) => staying.includes(id))).toEqual(staying)
          else expect(staying.filter((id) => !shown.includes(id))).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('goes on behind the rows that were shown last, whatever of them has gone, and costs no more calls than it must', async () => {
    const list = new ChangingList(60, 'until any change')
    const read = (after: string | null) => connect({ first: 10, after }, { name, fetch: list.fetch })
    const { pageInfo } = await read(null)
    for (const at of [9, 7, 3]) list.remove(at)
    list.insert(0)
    list.calls.length = 0
    const { edges } = await read(pageInfo.endCursor)
    expect(edges.map(({ node }) => node.id)).toEqual(list.staying.slice(7, 17))
    // Its own cursor, which is dead, and the list from its beginning.
    expect(list.calls.map(({ limit, after }) => [limit, after !== null])).toEqual([
      [10, true],
      [100, false],
    ])
  })

  it('says so when all of those rows have gone, and with what to go on', async () => {
    const list = new ChangingList(60, 'until any change')
    const read = (after: string | null) => connect({ first: 10, after }, { name, fetch: list.fetch })
    const { pageInfo } = await read(null)
    for (let each = 0; each < 5; each++) list.remove(5)
    const error: unknown = await read(pageInfo.endCursor).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ListChanged)
    const { edges } = await read((error as ListChanged).resumeFrom)
    expect(edges.map(({ node }) => node.id)).toEqual(list.staying.slice(0, 10))
  })

  it('looks on from page to page of ours for rows that stand far behind, and says when the list never stands still', async () => {
    const list = new ChangingList(30, 'until any change')
    const read = (after: string | null, fetch = list.fetch) => connect({ first: 10, after }, { name, fetch })
    const { pageInfo } = await read(null)
    for (let each = 0; each < 2_500; each++) list.insert(0)
    const far = await read(pageInfo.endCursor)
    expect(far).toMatchObject({ edges: [], pageInfo: { hasNextPage: true } })
    const { edges } = await read(far.pageInfo.endCursor)
    expect(edges.map(({ node }) => node.id)).toEqual(list.staying.slice(10, 20))
    const restless = async (limit: number, after: string | null) => {
      list.insert(0)
      return list.fetch(limit, after)
    }
    const error: unknown = await read(pageInfo.endCursor, restless).catch((thrown: unknown) => thrown)
    expect((error as Error).message).toContain('The list changes while it is read.')
    const rest = await read((await read((error as ListChanged).resumeFrom)).pageInfo.endCursor)
    expect(rest.edges.map(({ node }) => node.id)).toEqual(list.staying.slice(10, 20))
  })
})
