import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import { listAll, listWhole } from '../../src/graph/paging.ts'
import { ChangingList, lives } from '../reads/support/changing-list.ts'

/** Pages of 10, with something happening before each. */
const pagesOf =
  (list: ChangingList, happen: () => void) =>
  async (after: string | undefined): ReturnType<ChangingList['fetch']> => {
    happen()
    return list.fetch(10, after ?? null)
  }

const atOnce = { pauseMs: 0 }

describe('a list that is read as a whole', () => {
  it.each(lives.map((life) => [life]))(
    'has each row that stays, once and in order, or is not complete: cursors that live %s',
    async (life) => {
      const change = fc.record({ at: fc.nat(200), isNew: fc.boolean() })
      await fc.assert(
        fc.asyncProperty(
          fc.nat(80),
          fc.array(fc.option(change, { nil: null }), { maxLength: 20 }),
          async (length, changes) => {
            const list = new ChangingList(length, life)
            const left = [...changes]
            const happen = (): void => {
              const next = left.shift()
              if (next?.isNew) list.insert(next.at)
              else if (next) list.remove(next.at)
            }
            const { rows, complete } = await listAll(pagesOf(list, happen), atOnce)
            const ids = rows.map(({ id }) => id)
            if (complete) expect(ids.filter((id) => list.staying.includes(id))).toEqual(list.staying)
            if (changes.every((one) => one === null)) expect(complete).toBe(true)
          },
        ),
        { numRuns: 200 },
      )
    },
  )

  it('is begun again when its cursor is dead, and what was read of it is not believed', async () => {
    const list = new ChangingList(25, 'until any change')
    const asked: [string | undefined, boolean][] = []
    const { rows, complete } = await listAll(async (after, isOutdated) => {
      asked.push([after, isOutdated])
      if (asked.length === 2) list.remove(0)
      return list.fetch(10, after ?? null)
    })
    expect(rows.map(({ id }) => id)).toEqual(list.staying)
    expect(complete).toBe(true)
    expect(asked.map(([after, isOutdated]) => [after !== undefined, isOutdated])).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [true, false],
      [true, false],
    ])
  })

  it('is not complete when it changes each time that it is read, and is begun six times at most', async () => {
    const list = new ChangingList(25, 'until any change')
    const read = pagesOf(list, () => list.insert(0))
    expect(await listAll(read, atOnce)).toMatchObject({ complete: false, isChanging: true })
    expect(list.calls).toHaveLength(12)
    await expect(listWhole(read, 'It has more rows', atOnce)).rejects.toMatchObject({
      transient: true,
      message: expect.stringMatching(/changed each of 6 times .* Ask again/) as string,
    })
  })

  it('is not complete when it has more pages than are read, which no other try changes', async () => {
    const list = new ChangingList(25, 'for ever')
    const read = pagesOf(list, () => {})
    expect(await listAll(read, { pages: 2 })).toMatchObject({ complete: false, isChanging: false })
    await expect(listWhole(read, 'It has more rows', { pages: 2 })).rejects.toMatchObject({
      transient: false,
      message: 'It has more rows than can be looked at.',
    })
  })

  it('fails where Graph refuses something else', async () => {
    const refuse = (error: GraphError) => async (after: string | undefined) => {
      if (after !== undefined) throw error
      return { data: [], after: 'more' }
    }
    const deep = 'After Cursor specified exceeds the max limit supported by this endpoint'
    for (const error of [
      new GraphError('invalid', deep, { code: 100 }),
      new GraphError('permission', 'No.', { code: 200 }),
      new GraphError('not-found', 'No.', { code: 100, subcode: 33 }),
    ])
      await expect(listAll(refuse(error))).rejects.toBe(error)
    const first = new GraphError('invalid', 'No.', { code: 100 })
    await expect(listAll(async () => Promise.reject(first))).rejects.toBe(first)
  })
})
