import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/events/store.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const id = { appId: '1', verb: 'createSolution', key: 'the key' }

describe.each(storeKinds)('the store of writes in $name', (kind) => {
  it('begins a write once and then tells what is known of it', async () => {
    const { writes } = await freshStore(kind)
    expect(await writes.begin(id, '{"name":"A"}', 5)).toBeNull()
    expect(await writes.begin(id, '{"name":"B"}', 6)).toEqual({
      state: 'pending',
      input: '{"name":"A"}',
      outcome: null,
      startedAt: 5,
    })
  })

  it.each([
    ['done', '{"id":"1"}'],
    ['refused', '{"code":100}'],
    ['unknown', null],
  ] as const)('tells that a write is %s', async (state, outcome) => {
    const { writes } = await freshStore(kind)
    await writes.begin(id, '{}', 5)
    expect(await writes.settle(id, 5, state, outcome)).toBe(true)
    expect(await writes.begin(id, '{}', 6)).toEqual({ state, input: '{}', outcome, startedAt: 5 })
  })

  it('frees the key of a write that is forgotten', async () => {
    const { writes } = await freshStore(kind)
    await writes.begin(id, '{"name":"A"}', 5)
    await writes.forget(id, 5)
    expect(await writes.begin(id, '{"name":"B"}', 6)).toBeNull()
    expect(await writes.begin(id, '{}', 7)).toMatchObject({ input: '{"name":"B"}', startedAt: 6 })
  })

  it('takes nothing from who began it before somebody else began it anew', async () => {
    const { writes } = await freshStore(kind)
    await writes.begin(id, '{}', 5)
    await writes.forget(id, 5)
    await writes.begin(id, '{}', 6)
    expect(await writes.settle(id, 5, 'done', 'null')).toBe(false)
    await writes.forget(id, 5)
    expect(await writes.begin(id, '{}', 7)).toMatchObject({ state: 'pending', startedAt: 6 })
  })

  it('keeps what is to be told of a write until it is told, under its key or when that is free again', async () => {
    const { writes } = await freshStore(kind)
    await writes.begin(id, '{}', 5)
    await writes.settle(id, 5, 'done', '{}', '["kept"]')
    const other = { ...id, key: 'another key' }
    await writes.begin(other, '{}', 6)
    const left = await writes.leave(other, 6, '["left"]')
    expect(await writes.begin(other, '{}', 7)).toBeNull()
    expect(await writes.unpublished(7, 10)).toEqual([
      { id, startedAt: 5, events: '["kept"]' },
      { id: left, startedAt: 6, events: '["left"]' },
    ])
    expect(await writes.unpublished(6, 10)).toHaveLength(1)
    expect(await writes.unpublished(7, 1)).toHaveLength(1)
    await writes.markPublished(id, 5)
    await writes.markPublished(left, 6)
    expect(await writes.unpublished(9, 10)).toEqual([])
    expect(await writes.get(id)).toMatchObject({ state: 'done' })
    expect(await writes.get(left)).toBeNull()
  })

  it('knows writes by app, verb and key together', async () => {
    const { writes } = await freshStore(kind)
    const others = [
      { ...id, appId: '2' },
      { ...id, verb: 'acceptSolution' },
      { ...id, key: 'another key' },
    ]
    for (const other of [id, ...others]) expect(await writes.begin(other, '{}', 5)).toBeNull()
    await writes.settle(id, 5, 'done', 'null')
    for (const other of others) expect(await writes.begin(other, '{}', 5)).toMatchObject({ state: 'pending' })
  })

  it('lets one of 64 that come at once begin', async () => {
    const { writes } = await freshStore(kind)
    const begun = await Promise.all(Array.from({ length: 64 }, (_, at) => writes.begin(id, String(at), at)))
    expect(begun.filter((record) => record === null)).toHaveLength(1)
  })

  it('lets one of two instances on the same store begin', async () => {
    const url = await kind.place()
    const [one, two] = [await opened(url), await opened(url)]
    const begun = await Promise.all([one.writes.begin(id, 'one', 1), two.writes.begin(id, 'two', 2)])
    expect(begun.filter((record) => record === null)).toHaveLength(1)
  })

  it('says of no write that it was begun which is not on record, whoever forgets it meanwhile', async () => {
    const url = await kind.place()
    const stores = [await opened(url), await opened(url)]
    const beginOften = async ({ writes }: Store, from: number): Promise<boolean[]> => {
      const ours: boolean[] = []
      for (let at = from; at < from + 50; at++) {
        if ((await writes.begin(id, 'input', at)) !== null) continue
        ours.push(await writes.settle(id, at, 'pending', '{}'))
        await writes.forget(id, at)
      }
      return ours
    }
    const begun = await Promise.all(
      [...stores, ...stores].map((store, index) => beginOften(store, index * 100)),
    )
    expect(begun.flat()).not.toContain(false)
    expect(begun.flat().length).toBeGreaterThan(0)
  })

  it('deletes those that have ended and are old, so many at a time, and no open one', async () => {
    const { writes } = await freshStore(kind)
    const states = ['done', 'refused', 'unknown', 'pending', 'done'] as const
    for (const [at, state] of states.entries()) {
      await writes.begin({ ...id, key: String(at) }, '{}', at)
      await writes.settle({ ...id, key: String(at) }, at, state, '{}')
    }
    expect(await writes.deleteEndedBefore(4, 1)).toBe(1)
    expect(await writes.deleteEndedBefore(4, 10)).toBe(1)
    expect(await writes.deleteEndedBefore(4, 10)).toBe(0)
    const left = await Promise.all(states.map((_, at) => writes.begin({ ...id, key: String(at) }, '{}', 9)))
    expect(left.map((record) => record?.state ?? null)).toEqual([null, null, 'unknown', 'pending', 'done'])
  })

  it('deletes none, however old, of which something is still to be told', async () => {
    const { writes } = await freshStore(kind)
    await writes.begin(id, '{}', 1)
    await writes.settle(id, 1, 'done', '{}', '[]')
    expect(await writes.deleteEndedBefore(4, 10)).toBe(0)
    await writes.markPublished(id, 1)
    expect(await writes.deleteEndedBefore(4, 10)).toBe(1)
  })

  it('still knows a pending write when it is opened again', async () => {
    const url = await kind.place()
    const { writes, close } = await opened(url)
    await writes.begin(id, '{}', 5)
    await close()
    const again = await opened(url)
    expect(await again.writes.begin(id, '{}', 6)).toMatchObject({ state: 'pending', startedAt: 5 })
  })

  it('says StoreUnavailable when the store is gone', async () => {
    const { writes, close } = await freshStore(kind)
    await close()
    const unavailable = expect.objectContaining({ name: 'StoreUnavailable' })
    await expect(writes.begin(id, '{}', 5)).rejects.toThrow(unavailable)
    await expect(writes.settle(id, 5, 'done', null)).rejects.toThrow(unavailable)
    await expect(writes.forget(id, 5)).rejects.toThrow(unavailable)
  })
})
