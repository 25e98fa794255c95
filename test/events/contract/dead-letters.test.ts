import { describe, expect, it } from 'vitest'
import type { DeadLetters, NewDeadLetter } from '../../../src/events/dead-letters.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const aLetter = (fields: Partial<NewDeadLetter> = {}): NewDeadLetter => ({
  appId: '1',
  receivedAt: 5,
  reason: 'no shape that is known',
  raw: Buffer.from([0, 255, 128, 10, 0]),
  size: 50,
  ...fields,
  fingerprint: fields.raw?.toString('hex') ?? 'a fingerprint',
})

/** Its id. */
async function added(deadLetters: DeadLetters, letter: NewDeadLetter): Promise<number> {
  await deadLetters.add([letter])
  const same = ({ raw, appId, reason }: Omit<NewDeadLetter, 'fingerprint'>): boolean =>
    raw.equals(letter.raw) && appId === letter.appId && reason === letter.reason
  for (const { id } of await deadLetters.list({ limit: 100 })) {
    const known = await deadLetters.get(id)
    if (known && same(known)) return id
  }
  return 0
}

describe.each(storeKinds)('dead letters in $name', (kind) => {
  it('keep what may be kept, the reason and the size, also when the store is opened again', async () => {
    const url = await kind.place()
    const store = await opened(url)
    const id = await added(store.deadLetters, aLetter())
    await store.close()
    const { deadLetters } = await opened(url)
    const { fingerprint: _, ...kept } = aLetter()
    expect(await deadLetters.get(id)).toEqual({ ...kept, id, handled: false, redrives: [] })
    expect(await deadLetters.get(id + 1)).toBeNull()
  })

  it('are listed oldest first, in pages, of all apps or of one', async () => {
    const { deadLetters } = await freshStore(kind)
    const ids: number[] = []
    for (const [n, appId] of ['1', '2', '1', '2', '1'].entries())
      ids.push(await added(deadLetters, aLetter({ appId, raw: Buffer.alloc(5, n) })))
    const first = await deadLetters.list({ limit: 2 })
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    expect(first[0]).toEqual({
      id: ids[0],
      appId: '1',
      receivedAt: 5,
      reason: aLetter().reason,
      size: 50,
      handled: false,
    })
    const rest = await deadLetters.list({ limit: 10, after: ids[1] as number })
    expect(rest.map(({ id }) => id)).toEqual(ids.slice(2))
    expect((await deadLetters.list({ limit: 10, appIds: ['2'] })).map(({ id }) => id)).toEqual([
      ids[1],
      ids[3],
    ])
  })

  it('are there once, however often the same comes, also when it was handled', async () => {
    const { deadLetters } = await freshStore(kind)
    const id = await added(deadLetters, aLetter())
    expect(await added(deadLetters, aLetter({ receivedAt: 9 }))).toBe(id)
    await deadLetters.recordRedrive(id, { at: 6, handled: true, detail: null })
    expect(await added(deadLetters, aLetter())).toBe(id)
    expect(await added(deadLetters, aLetter({ reason: 'another' }))).not.toBe(id)
    expect(await deadLetters.list({ limit: 10 })).toHaveLength(2)
  })

  it('are all of one post there, or none of it', async () => {
    const { deadLetters } = await freshStore(kind)
    const letters = Array.from({ length: 1000 }, (_, n) => aLetter({ raw: Buffer.from(`piece ${n}`) }))
    await deadLetters.add(letters)
    await deadLetters.add([...letters.toReversed(), aLetter()])
    expect(await deadLetters.count('1')).toBe(1001)
    const broken = { ...aLetter({ appId: '3' }), reason: undefined as unknown as string }
    await expect(deadLetters.add([aLetter({ appId: '3', reason: 'whole' }), broken])).rejects.toThrow(
      /not.null/i,
    )
    expect(await deadLetters.list({ limit: 10, appIds: ['3'] })).toEqual([])
  })

  it('of posts that come at once, with the same in another order, are there once', async () => {
    const { deadLetters } = await freshStore(kind)
    const letters = Array.from({ length: 200 }, (_, n) => aLetter({ raw: Buffer.from(`piece ${n}`) }))
    await Promise.all(
      [letters, letters.toReversed(), letters, letters.toReversed()].map((all) => deadLetters.add(all)),
    )
    expect(await deadLetters.count('1')).toBe(200)
  })

  it('record every re-drive, and count no longer when one has succeeded', async () => {
    const { deadLetters } = await freshStore(kind)
    const id = await added(deadLetters, aLetter())
    await added(deadLetters, aLetter({ appId: '2' }))
    const failed = { at: 6, handled: false, detail: 'still no shape that is known' }
    const handled = { at: 7, handled: true, detail: null }
    await deadLetters.recordRedrive(id, failed)
    expect(await deadLetters.count('1')).toBe(1)
    await deadLetters.recordRedrive(id, handled)
    expect(await deadLetters.get(id)).toMatchObject({ handled: true, redrives: [failed, handled] })
    expect(await deadLetters.count('1')).toBe(0)
    expect(await deadLetters.count('2')).toBe(1)
    await deadLetters.recordRedrive(999, handled)
  })

  it('go, when they were handled, with their re-drives and by age, in batches', async () => {
    const { deadLetters } = await freshStore(kind)
    const ids: number[] = []
    for (const receivedAt of [1, 2, 3, 50])
      ids.push(await added(deadLetters, aLetter({ receivedAt, raw: Buffer.alloc(5, receivedAt) })))
    for (const id of ids.slice(1))
      await deadLetters.recordRedrive(id, { at: 60, handled: true, detail: null })
    expect(await deadLetters.deleteHandledBefore(10, 1)).toBe(1)
    expect(await deadLetters.deleteHandledBefore(10, 5)).toBe(1)
    expect(await deadLetters.deleteHandledBefore(10, 5)).toBe(0)
    expect((await deadLetters.list({ limit: 10 })).map(({ id }) => id)).toEqual([ids[0], ids[3]])
  })
})
