import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import type { NewEvent } from '../../src/events/event.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import type { Store } from '../../src/events/store.ts'
import { GraphError } from '../../src/graph/error.ts'
import { ownTime } from '../../src/lib/clock.ts'
import { readAudit } from '../../src/writes/audit.ts'
import { runWrite } from '../../src/writes/run.ts'
import { publishLeft } from '../../src/writes/outbox.ts'
import { digestOf } from '../../src/writes/record.ts'
import type { SentWrite, Write } from '../../src/writes/write.ts'
import { freshStore, opened, storeKinds } from '../events/support/stores.ts'
import { until } from '../support/until.ts'

const start = 1_000_000
/** The store's clock. */
const time = { now: start }
const stepped = { clock: () => time.now }
const sent: SentWrite = { createdId: 'thing', traceId: 'trace' }
type State = 'there' | 'nothing'

interface Wish {
  readonly key?: string | null
  readonly now?: number
  readonly send?: () => Promise<SentWrite>
  readonly appId?: string
  readonly anyApp?: true
  readonly log?: Store['log']
  readonly writes?: Store['writes']
  readonly isThere?: boolean
  /** Which one asks. */
  readonly instance?: string
  /** What is read when it was sent. */
  readonly readBack?: () => Promise<State>
}

const contextOf = (
  store: Store,
  { log = store.log, writes = store.writes, instance = 'this' }: Wish = {},
): Ctx =>
  ({
    actor: { kind: 'OPERATOR', apps: [] },
    apps: [{ appId: '1' }, { appId: '2' }],
    cost: { requests: 0, units: 0 },
    log,
    writes,
    reads: { renew: () => {} },
    clock: () => time.now,
    earliest: () => time.now,
    time: ownTime,
    instance: { id: instance, isAlive: async () => true },
    logger: pino({ level: 'silent' }),
  }) as unknown as Ctx

const ask = (store: Store, wish: Wish = {}) => {
  time.now = wish.now ?? start
  return askIn(contextOf(store, wish), wish)
}

function askIn(ctx: Ctx, wish: Wish): ReturnType<typeof runWrite<State>> {
  const { key = null, send = async () => sent, appId = '1', anyApp, isThere = false } = wish
  let isSent = false
  const write: Write<State> = {
    app: { appId } as Write<State>['app'],
    verb: 'make',
    object: 'thing:1',
    ...(anyApp && { anyApp }),
    key,
    input: 'A',
    about: { wabaId: '7' },
    readState: async () => {
      if (isSent && wish.readBack) return wish.readBack()
      return isSent || isThere ? 'there' : 'nothing'
    },
    send: async () => {
      const answer = await send()
      isSent = true
      return answer
    },
    outcomeIn: (state) => (state === 'there' ? { createdId: 'thing' } : 'not-made'),
    publishes: (createdId, after) => ({
      kind: 'CREDIT_SHARED',
      takingPart: ['1', '2'],
      after: after === null ? { allocationId: createdId } : { status: after },
    }),
  }
  return runWrite(ctx, write)
}

/** The store, out of reach when a write is to be settled so. */
const failingAt = ({ writes }: Store, failing: string): Store['writes'] =>
  new Proxy(writes, {
    get: (target, name) =>
      name === 'settle' || name === 'reopen'
        ? (...settling: Parameters<Store['writes']['settle']>) =>
            name === 'reopen' || settling[2] === failing
              ? Promise.reject(new StoreUnavailable('gone'))
              : target.settle(...settling)
        : (target[name as keyof Store['writes']] as () => unknown).bind(target),
  })

/** Until what is to be told is on record: a write's answer does not wait for that. */
async function onRecord(store: Store): Promise<void> {
  while ((await store.writes.unpublished(-1, 10)).length === 0) await setImmediate()
}

type Keep = (event: NewEvent) => Promise<void>

/** One round of what each gateway does each minute. */
async function sweep(store: Store, now: number, keep: Keep = async () => {}): Promise<void> {
  const drain = new AbortController()
  time.now = now
  const round = publishLeft({ ...contextOf(store), keep }, drain.signal)
  do await setImmediate()
  while ((await store.writes.unpublished(60_000, 10)).length > 0)
  drain.abort()
  await round
}

async function told(store: Store) {
  const { events } = await store.log.readAfter(0, { appIds: ['1', '2'] }, 100)
  return events.map(({ appId, event, payload }) => ({ appId, event, ...readAudit(payload) }))
}

/** A gateway that has done it and reads it back for as long as one likes. */
function slow(store: Store, wish: Wish = {}) {
  const { promise, resolve } = Promise.withResolvers<State>()
  const outcome = ask(store, { ...wish, readBack: () => promise })
  return { outcome, end: () => (resolve('there'), outcome) }
}

describe.each(storeKinds)('the end of a write over $name', (kind) => {
  it.each(['k', null])('is told to every app that takes part, by whoever did it (key %s)', async (key) => {
    const store = await freshStore(kind, stepped)
    await ask(store, { key })
    await sweep(store, start + 120_000)
    const event = { event: 'CREDIT_SHARED', outcome: 'DONE', before: 'nothing', after: { status: 'there' } }
    expect(await told(store)).toMatchObject([
      { ...event, appId: '1' },
      { ...event, appId: '2' },
    ])
    await until(async () => (await store.writes.unpublished(-1, 10)).length === 0)
  })

  it.each(['k', null])('is told by another when that one has died, and stored once (key %s)', async (key) => {
    const url = await kind.place()
    const [one, two] = [await opened(url, stepped), await opened(url, stepped)]
    const { end } = slow(one, { key })
    await onRecord(one)
    const kept: NewEvent[] = []
    const keep = async (event: NewEvent) => void kept.push(event)
    await Promise.all([sweep(one, start + 120_000, keep), sweep(two, start + 120_000, keep)])
    expect(new Set(kept.map(({ appId }) => appId))).toEqual(new Set(['1', '2']))
    const event = { outcome: 'DONE', after: { allocationId: 'thing' }, graphTraceId: 'trace' }
    expect(await told(two)).toMatchObject([event, event])
    // It was only slow.
    await end()
    expect(await told(two)).toHaveLength(2)
  })

  it.each(['there', 'nothing'] as const)(
    'is told before another instance answers the same call, with what that one reads back (%s)',
    async (state) => {
      const url = await kind.place()
      const [one, two] = [await opened(url, stepped), await opened(url, stepped)]
      const { end } = slow(one, { key: 'k' })
      await onRecord(one)
      await until(async () => (await two.writes.unpublished(-1, 10)).length > 0)
      await ask(two, { key: 'k', isThere: state === 'there' })
      const event = { event: 'CREDIT_SHARED', outcome: 'DONE', before: 'nothing', after: { status: state } }
      expect(await told(two)).toMatchObject([event, event])
      await end()
      expect(await told(two)).toHaveLength(2)
    },
  )

  it('is told as soon as the log takes events again', async () => {
    const store = await freshStore(kind, stepped)
    let refusals = 1
    const append: Store['log']['append'] = (events) =>
      refusals-- > 0 ? Promise.reject(new StoreUnavailable('gone')) : store.log.append(events)
    await ask(store, { key: 'k', log: { ...store.log, append } as unknown as Store['log'] })
    expect(await told(store)).toEqual([])
    await until(async () => (await told(store)).length === 2)
    await until(async () => (await store.writes.unpublished(-1, 10)).length === 0)
  })

  it('is settled as soon as the store is back, so that the same call gets it and nothing is sent', async () => {
    const store = await freshStore(kind, stepped)
    let refusals = 2
    const settle: Store['writes']['settle'] = (...settling) =>
      refusals-- > 0 ? Promise.reject(new StoreUnavailable('gone')) : store.writes.settle(...settling)
    const writes = new Proxy(store.writes, {
      get: (target, name) =>
        name === 'settle' && refusals > 0 ? settle : (target[name as 'settle'] as () => unknown).bind(target),
    })
    // It is made visible to nobody: only its record tells of it.
    expect(await ask(store, { key: 'k', writes })).toMatchObject({ createdId: 'thing' })
    const id = { appId: '1', verb: 'make', key: 'key k' }
    await until(async () => (await store.writes.get(id))?.state === 'done')
    const never = () => Promise.reject(new Error('It was sent again'))
    expect(await ask(store, { key: 'k', send: never })).toMatchObject({ createdId: 'thing', repeated: true })
  })

  it('is told before another instance answers the same call: a refusal that the log did not take', async () => {
    const store = await freshStore(kind, stepped)
    const log = { ...store.log, append: () => Promise.reject(new Error('full')) } as unknown as Store['log']
    const refused = () => Promise.reject(new GraphError('invalid', 'no', { code: 100 }))
    const first = await ask(store, { key: 'k', log, send: refused })
    expect(await told(store)).toEqual([])
    expect(await ask(store, { key: 'k' })).toEqual(first)
    expect(await told(store)).toMatchObject([{ event: 'WRITE_REFUSED' }])
  })

  it('is left to whoever did it for a minute', async () => {
    const store = await freshStore(kind, stepped)
    const { end } = slow(store)
    await onRecord(store)
    await sweep(store, start + 60_000)
    expect(await told(store)).toEqual([])
    expect(await store.writes.unpublished(-1, 10)).toHaveLength(1)
    await end()
    expect(await told(store)).toHaveLength(2)
  })

  it.each([
    ['REFUSED', new GraphError('invalid', 'no', { code: 100 })],
    ['UNKNOWN', new GraphError('network', 'gone', { outcomeUnknown: true })],
  ])('is told later when the log takes no event now: %s', async (outcome, error) => {
    const store = await freshStore(kind, stepped)
    const log = { ...store.log, append: () => Promise.reject(new Error('full')) } as unknown as Store['log']
    await ask(store, { key: 'k', log, send: () => Promise.reject(error) })
    expect(await told(store)).toEqual([])
    await sweep(store, start + 120_000)
    expect(await told(store)).toMatchObject([{ appId: '1', event: `WRITE_${outcome}`, outcome }])
  })

  it.each([
    ['refused', new GraphError('invalid', 'no', { code: 100 }), 'UPSTREAM_REFUSED'],
    ['unknown', new GraphError('network', 'gone', { outcomeUnknown: true }), 'OUTCOME_UNKNOWN'],
  ])('is what the caller gets, when the store fails after it was sent: %s', async (state, error, code) => {
    const store = await freshStore(kind, stepped)
    expect(
      await ask(store, { key: 'k', writes: failingAt(store, state), send: () => Promise.reject(error) }),
    ).toMatchObject({ code })
    expect(await told(store)).toMatchObject([{ event: `WRITE_${state.toUpperCase()}` }])
    // It is still on record as sent: the same again looks.
    const never = () => Promise.reject(new Error('It was sent again'))
    expect(await ask(store, { key: 'k', send: never, now: start + 30_000, isThere: true })).toMatchObject({
      createdId: 'thing',
    })
  })

  it('is marked unknown, although the store fails and takes no event either', async () => {
    const store = await freshStore(kind, stepped)
    const log = { ...store.log, append: () => Promise.reject(new Error('full')) } as unknown as Store['log']
    const writes = failingAt(store, 'unknown')
    const unshown = { key: 'k', log, writes, readBack: async () => 'nothing' as const }
    expect(await ask(store, unshown)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    await setImmediate()
    expect(await told(store)).toEqual([])
  })

  it('is looked for with what is kept for changes, also in the background', async () => {
    const ctx: Ctx = contextOf(await freshStore(kind, stepped))
    ctx.cost.priority = 'background'
    let priority: string | undefined
    await askIn(ctx, { send: async () => ((priority = ctx.cost.priority), sent) })
    expect(priority).toBe('change')
  })

  it('is not begun again by one that was paused behind an old look at its record', async () => {
    const store = await freshStore(kind, stepped)
    let isSent = false
    const slow = new Proxy(store.writes, {
      get: (target, name) =>
        name === 'begin'
          ? async (...of: Parameters<Store['writes']['begin']>) => {
              const answer = await target.begin(...of)
              // Between what it read and what it does, the other one sends, and is killed.
              if (!isSent && 'known' in answer) {
                isSent = true
                const { token } = answer.known
                await target.markSending(of[0], token, JSON.stringify({ before: 'nothing' }), 60_000)
              }
              return answer
            }
          : (target[name as keyof Store['writes']] as () => unknown).bind(target),
    })
    const id = { appId: '1', verb: 'make', key: 'key k' }
    time.now = start
    await store.writes.begin(id, digestOf('A'))
    const never = () => Promise.reject(new Error('It was sent again'))
    const later = { key: 'k', now: start + 30_000, writes: slow, send: never }
    expect(await ask(store, later)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  })

  it('frees the object at once, told or not', async () => {
    const store = await freshStore(kind, stepped)
    await ask(store)
    expect(await ask(store, { now: start + 1 })).toMatchObject({ createdId: 'thing', repeated: false })
    await sweep(store, start + 120_000)
    expect(await told(store)).toHaveLength(4)
  })

  it('that Graph does not show afterwards is told as unknown, and stays so under its key', async () => {
    const store = await freshStore(kind, stepped)
    expect(await ask(store, { key: 'k', readBack: async () => 'nothing' })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    })
    expect(await told(store)).toMatchObject([
      { appId: '1', event: 'WRITE_UNKNOWN', outcome: 'UNKNOWN', after: { status: 'nothing' } },
    ])
    const never = () => Promise.reject(new Error('It was sent again'))
    expect(await ask(store, { key: 'k', send: never })).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    })
    await ask(store, { key: 'k', send: never, isThere: true })
    expect((await told(store)).map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'DONE', 'DONE'])
  })

  it('is not answered as done by another instance while this one reads it back', async () => {
    const url = await kind.place()
    const [one, two] = [await opened(url, stepped), await opened(url, stepped)]
    const { promise: read, resolve: show } = Promise.withResolvers<State>()
    const first = ask(one, { key: 'k', instance: 'one', readBack: () => read })
    await onRecord(one)
    const looks = vi.spyOn(two.writes, 'begin')
    const second = ask(two, { key: 'k', instance: 'two' })
    await until(() => looks.mock.settledResults.some(({ type }) => type === 'fulfilled'))
    show('nothing')
    expect(await first).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await second).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
  })

  it('is not answered as done while it is being marked unknown', async () => {
    const store = await freshStore(kind, stepped)
    const { promise: marked, resolve: mark } = Promise.withResolvers<void>()
    const writes = new Proxy(store.writes, {
      get: (target, name) =>
        name === 'reopen'
          ? async (...marking: Parameters<Store['writes']['reopen']>) => {
              await marked
              return target.reopen(...marking)
            }
          : (target[name as keyof Store['writes']] as () => unknown).bind(target),
    })
    const wish = { key: 'k', writes, readBack: async () => 'nothing' as const }
    const unknown = { code: 'OUTCOME_UNKNOWN' }
    expect(await ask(store, wish)).toMatchObject(unknown)
    const again = ask(store, wish)
    await setImmediate()
    mark()
    expect(await again).toMatchObject(unknown)
  })

  it('names the app that sent it, when one finds it that does the same', async () => {
    const store = await freshStore(kind, stepped)
    const killed = ask(store, { anyApp: true, send: () => Promise.reject(new Error('killed')) })
    await expect(killed).rejects.toThrow('killed')
    const other = await ask(store, { anyApp: true, appId: '2', isThere: true, now: start + 30_000 })
    expect(other).toMatchObject({ createdId: 'thing', repeated: false })
    expect(await told(store)).toMatchObject([{ appId: '1', actingAppId: '1', outcome: 'DONE' }])
  })

  it('is kept under a key that is the app’s own, also where any app does the same', async () => {
    const store = await freshStore(kind, stepped)
    const asked = { anyApp: true, key: 'k' } as const
    expect(await ask(store, asked)).toMatchObject({ createdId: 'thing', repeated: false })
    expect(await ask(store, { ...asked, appId: '2' })).toMatchObject({ repeated: false })
    expect(await ask(store, { ...asked, appId: '2' })).toMatchObject({ repeated: true })
  })
})
