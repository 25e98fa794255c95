import { describe, expect, it } from 'vitest'
import type { Store } from '../../../src/events/store.ts'
import type { WriteAttempt, WriteId, WriteRecord } from '../../../src/events/writes.ts'
import { query } from '../../support/postgres.ts'
import { freshStore, opened, storeKinds } from '../support/stores.ts'

const id = { appId: '1', verb: 'createSolution', key: 'the key' }
const other = { ...id, key: 'another key' }

/** The store's clock. */
const time = { now: 0 }
const clock = (): number => time.now

async function begun(store: Store, of: WriteId, input = '{}', object?: string): Promise<WriteAttempt> {
  const answer = await store.writes.begin(of, input, object === undefined ? {} : { object })
  if ('known' in answer) throw new Error(`known already: ${JSON.stringify(answer.known)}`)
  return answer.begun
}

async function known(store: Store, of: WriteId, input = '{}', object?: string): Promise<WriteRecord> {
  const answer = await store.writes.begin(of, input, object === undefined ? {} : { object })
  if ('begun' in answer) throw new Error('begun')
  return answer.known
}

describe.each(storeKinds)('the store of writes in $name', (kind) => {
  it('begins a write once, by its own clock, and then tells what is known of it and how old it is', async () => {
    time.now = 1000
    const store = await freshStore(kind, { clock })
    const { token, startedAt } = await begun(store, id, '{"name":"A"}')
    expect(startedAt).toBe(1000)
    time.now = 1250
    expect(await known(store, id, '{"name":"B"}')).toEqual({
      id,
      state: 'pending',
      input: '{"name":"A"}',
      outcome: null,
      holder: null,
      token,
      startedAt: 1000,
      ageMs: 250,
    })
  })

  it('goes by the clock of the database, whatever that of the process says', async () => {
    const store = await freshStore(kind)
    const before = await store.now()
    const { startedAt } = await begun(store, id)
    const after = await store.now()
    expect(startedAt).toBeGreaterThanOrEqual(before)
    expect(startedAt).toBeLessThanOrEqual(after)
    expect((await known(store, id)).ageMs).toBeLessThanOrEqual((await store.now()) - startedAt)
  })

  it.each([
    ['done', '{"id":"1"}'],
    ['refused', '{"code":100}'],
    ['unknown', null],
  ] as const)('tells that a write is %s', async (state, outcome) => {
    const store = await freshStore(kind)
    const { token } = await begun(store, id)
    expect(await store.writes.settle(id, token, state, outcome)).toBe(true)
    expect(await known(store, id)).toMatchObject({ state, input: '{}', outcome, token })
  })

  it('marks one as being sent as long as it is young, and says when it is not', async () => {
    const store = await freshStore(kind, { clock })
    const { token } = await begun(store, id)
    time.now += 100
    expect(await store.writes.markSending(id, token, '"first"', 100)).toBe(true)
    time.now += 1
    expect(await store.writes.markSending(id, token, '"second"', 100)).toBe(false)
    expect(await known(store, id)).toMatchObject({ state: 'pending', outcome: '"first"' })
  })

  it('marks none as being sent that has ended or that another has begun anew', async () => {
    const store = await freshStore(kind)
    const { token } = await begun(store, id)
    await store.writes.settle(id, token, 'done', '{}')
    expect(await store.writes.markSending(id, token, '{}', 1000)).toBe(false)
    const first = await begun(store, other)
    await store.writes.forget(other, first.token)
    await begun(store, other)
    expect(await store.writes.markSending(other, first.token, '{}', 1000)).toBe(false)
    expect(await known(store, other)).toMatchObject({ state: 'pending', outcome: null })
  })

  it('frees the key of a write that is forgotten, and of an unsent one alone where it says so', async () => {
    const store = await freshStore(kind)
    const first = await begun(store, id, '{"name":"A"}')
    expect(await store.writes.forget(id, first.token)).toBe(true)
    expect(await store.writes.forget(id, first.token)).toBe(false)
    const second = await begun(store, id, '{"name":"B"}')
    await store.writes.forgetUnsent(id, second.token)
    const third = await begun(store, id, '{"name":"C"}')
    await store.writes.markSending(id, third.token, '{}', 60_000)
    await store.writes.forgetUnsent(id, third.token)
    expect(await known(store, id)).toMatchObject({ input: '{"name":"C"}', token: third.token })
  })

  it('leaves open what is pending, and takes its outcome from none that has one by now', async () => {
    const store = await freshStore(kind)
    const [open, ended] = [await begun(store, id), await begun(store, other)]
    await store.writes.markSending(id, open.token, '"sent"', 60_000)
    await store.writes.settle(other, ended.token, 'done', '"done"', '[]')
    await store.writes.leaveOpen(id, open.token)
    await store.writes.leaveOpen(other, ended.token)
    expect(await store.writes.forget(other, ended.token)).toBe(false)
    expect(await store.writes.settle(other, ended.token, 'unknown', '"unknown"')).toBe(false)
    expect(await known(store, id)).toMatchObject({ state: 'unknown', outcome: '"sent"' })
    expect(await known(store, other)).toMatchObject({ state: 'done', outcome: '"done"' })
    expect(await store.writes.unpublished(-60_000, 10)).toHaveLength(1)
    expect(await store.writes.reopen(other, ended.token, '"sent"', '[]')).toBe(true)
    expect(await known(store, other)).toMatchObject({ state: 'unknown', outcome: '"sent"' })
  })

  it('takes nothing from who began it before somebody else began it anew, also in the same millisecond', async () => {
    const store = await freshStore(kind, { clock })
    const earlier = await begun(store, id)
    await store.writes.forget(id, earlier.token)
    const later = await begun(store, id)
    expect(later.startedAt).toBe(earlier.startedAt)
    expect(await store.writes.settle(id, earlier.token, 'done', 'null')).toBe(false)
    expect(await store.writes.forget(id, earlier.token)).toBe(false)
    expect(await known(store, id)).toMatchObject({ state: 'pending', token: later.token })
  })

  it('lets one write at a time be pending of a verb on an object, whatever the keys and whoever acts', async () => {
    const store = await freshStore(kind)
    const { token } = await begun(store, id, '{}', 'number:1')
    const others = [other, { ...other, appId: '2' }]
    for (const one of others) expect(await known(store, one, '{}', 'number:1')).toMatchObject({ id, token })
    await begun(store, { ...other, key: 'a third' }, '{}', 'number:2')
    await begun(store, { ...other, verb: 'deleteSolution' }, '{}', 'number:1')
    await store.writes.settle(id, token, 'unknown', null)
    await begun(store, other, '{}', 'number:1')
    expect(await known(store, id, '{}', 'number:1')).toMatchObject({ id, state: 'unknown' })
  })

  it('keeps what is to be told of a write until it is told, under its key or when that is free again', async () => {
    time.now = 5
    const store = await freshStore(kind, { clock })
    const { writes } = store
    const kept = await begun(store, id)
    await writes.settle(id, kept.token, 'done', '{}', '["kept"]')
    time.now = 6
    const { token } = await begun(store, other)
    const left = await writes.leave(other, token, '["left"]')
    await begun(store, other)
    time.now = 9
    expect(await writes.unpublished(2, 10)).toEqual([
      { id, token: kept.token, events: '["kept"]' },
      { id: left, token, events: '["left"]' },
    ])
    expect(await writes.unpublished(3, 10)).toHaveLength(1)
    expect(await writes.unpublished(2, 1)).toHaveLength(1)
    await writes.markPublished(id, kept.token)
    await writes.markPublished(left, token)
    expect(await writes.unpublished(0, 10)).toEqual([])
    expect(await writes.get(id)).toMatchObject({ state: 'done' })
    expect(await writes.get(left)).toBeNull()
  })

  it('knows writes by app, verb and key together', async () => {
    const store = await freshStore(kind)
    const others = [{ ...id, appId: '2' }, { ...id, verb: 'acceptSolution' }, other]
    const { token } = await begun(store, id)
    for (const one of others) await begun(store, one)
    await store.writes.settle(id, token, 'done', 'null')
    for (const one of others) expect(await known(store, one)).toMatchObject({ id: one, state: 'pending' })
  })

  it('lets one of 64 that come at once begin', async () => {
    const { writes } = await freshStore(kind)
    const answers = await Promise.all(Array.from({ length: 64 }, (_, at) => writes.begin(id, String(at))))
    expect(answers.filter((answer) => 'begun' in answer)).toHaveLength(1)
  })

  it('lets one of two instances on the same store begin, with two keys for one object as with one key', async () => {
    const url = await kind.place()
    const [one, two] = [await opened(url), await opened(url)]
    for (const [round, second] of [id, other].entries()) {
      const object = `number:${round}`
      const [first, verb] = [{ ...id, verb: object }, object]
      const answers = await Promise.all([
        one.writes.begin(first, 'one', { object }),
        two.writes.begin({ ...second, verb }, 'two', { object }),
      ])
      expect(answers.filter((answer) => 'begun' in answer)).toHaveLength(1)
    }
  })

  it('says of no write that it was begun which is not on record, whoever forgets it meanwhile', async () => {
    const url = await kind.place()
    const stores = [await opened(url), await opened(url)]
    const beginOften = async ({ writes }: Store): Promise<boolean[]> => {
      const ours: boolean[] = []
      for (let time = 0; time < 50; time++) {
        const answer = await writes.begin(id, 'input')
        if ('known' in answer) continue
        const { token } = answer.begun
        ours.push(await writes.markSending(id, token, '{}', 60_000))
        await writes.forget(id, token)
      }
      return ours
    }
    const all = await Promise.all([...stores, ...stores].map(beginOften))
    expect(all.flat()).not.toContain(false)
    expect(all.flat().length).toBeGreaterThan(0)
  })

  it('deletes those that have ended and are old, so many at a time, and no open one', async () => {
    const store = await freshStore(kind, { clock })
    const { writes } = store
    const states = ['done', 'refused', 'unknown', 'pending', 'done'] as const
    const idAt = (at: number): WriteId => ({ ...id, key: String(at) })
    for (const [at, state] of states.entries()) {
      time.now = at
      const { token } = await begun(store, idAt(at))
      if (state !== 'pending') await writes.settle(idAt(at), token, state, '{}')
    }
    expect(await writes.deleteEndedBefore(4, 1)).toBe(1)
    expect(await writes.deleteEndedBefore(4, 10)).toBe(1)
    expect(await writes.deleteEndedBefore(4, 10)).toBe(0)
    const left = await Promise.all(states.map((_, at) => writes.get(idAt(at))))
    expect(left.map((record) => record?.state ?? null)).toEqual([null, null, 'unknown', 'pending', 'done'])
  })

  it('deletes none, however old, of which something is still to be told', async () => {
    time.now = 1
    const store = await freshStore(kind, { clock })
    const { token } = await begun(store, id)
    await store.writes.settle(id, token, 'done', '{}', '[]')
    expect(await store.writes.deleteEndedBefore(4, 10)).toBe(0)
    await store.writes.markPublished(id, token)
    expect(await store.writes.deleteEndedBefore(4, 10)).toBe(1)
  })

  it('still knows a pending write when it is opened again', async () => {
    const url = await kind.place()
    const store = await opened(url)
    const { token, startedAt } = await begun(store, id)
    await store.close()
    expect(await known(await opened(url), id)).toMatchObject({ state: 'pending', token, startedAt })
  })

  it('says StoreUnavailable when the store is gone', async () => {
    const { writes, close } = await freshStore(kind)
    await close()
    const unavailable = expect.objectContaining({ name: 'StoreUnavailable' })
    await expect(writes.begin(id, '{}')).rejects.toThrow(unavailable)
    await expect(writes.markSending(id, 'a token', '{}', 1)).rejects.toThrow(unavailable)
    await expect(writes.settle(id, 'a token', 'done', null)).rejects.toThrow(unavailable)
    await expect(writes.forget(id, 'a token')).rejects.toThrow(unavailable)
  })
})

describe('beside a release that tells attempts by their time', () => {
  const asBefore = `INSERT INTO writes (app_id, verb, key, input, state, outcome, started_at)
    VALUES ('1', 'createSolution', 'the key', '{}', 'pending', '{"before":null}', 5)`

  it('knows what that has begun, settles it by that time, and is in nobody’s way', async () => {
    const postgres = storeKinds.find(({ name }) => name === 'PostgreSQL')
    const url = (await postgres?.place()) ?? ''
    time.now = 30
    const store = await opened(url, { clock })
    await query(url, asBefore)
    expect(await known(store, id)).toMatchObject({ token: '5', startedAt: 5, ageMs: 25 })
    expect(await store.writes.settle(id, '6', 'done', '{}')).toBe(false)
    expect(await store.writes.settle(id, '5', 'done', '{}')).toBe(true)
    const { startedAt } = await begun(store, other, '{}', 'number:1')
    const bySettling = `UPDATE writes SET state = 'done' WHERE key = 'another key' AND started_at = ${startedAt} RETURNING key`
    expect(await query(url, bySettling)).toHaveLength(1)
  })
})
