import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/loaders/connect.ts'
import { ListChanged } from '../../src/loaders/list-changed.ts'
import { ChangingList, lives, type Life } from './support/changing-list.ts'

interface Change {
  readonly kind: 'remove' | 'insert'
  readonly at: number
  readonly count: number
}

interface Step {
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
const step = fc.record<Step>({
  first: fc.integer({ min: 1, max: 30 }),
  before: fc.array(change, { maxLength: 3 }),
  between: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(change, { maxLength: 2 })),
})

function apply(list: ChangingList, changes: readonly Change[]): void {
  for (const { kind, at, count } of changes)
    for (let each = 0; each < count; each++) {
      if (kind === 'insert') list.insert(at)
      else if (list.length > 0) list.remove(at)
    }
}

const name = (): string => 'a list'

/** What somebody is shown who reads to the end, whatever happens on the way, and is told. */
async function walk(list: ChangingList, steps: readonly Step[]) {
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
})
