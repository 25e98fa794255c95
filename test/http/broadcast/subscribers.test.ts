import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { StreamItem } from '../../../src/feed/stream-item.graphql.ts'
import type { EventLog } from '../../../src/events/log.ts'
import { Broadcast, ResultCache } from '../../../src/http/broadcast/broadcast.ts'
import { Outlet, PullOutlet, type SharedResult } from '../../../src/http/broadcast/outlet.ts'
import { Subscriber } from '../../../src/http/broadcast/subscriber.ts'
import { anEvent, everything } from '../../events/support/events.ts'
import { fresh, withLog } from '../../events/support/fresh.ts'
import { implementations } from '../../events/support/implementations.ts'
import { until } from '../../support/until.ts'

/** Takes something when it is let. */
class Slow extends Outlet {
  readonly taken: SharedResult[] = []
  error: unknown
  readonly #turns: (batch: number) => number
  #batches = 0

  constructor(turns: (batch: number) => number) {
    super(true)
    this.#turns = turns
  }

  override take(batch: readonly SharedResult[]): void {
    if (!this.isFree) throw new Error('It was not free')
    super.take(batch)
  }

  override close(error?: unknown): void {
    this.error = error
    super.close(error)
  }

  protected send(batch: readonly SharedResult[]): void {
    this.taken.push(...batch)
    void this.#rest(this.#turns(this.#batches++))
  }

  async #rest(turns: number): Promise<void> {
    if (turns === Number.POSITIVE_INFINITY) return
    for (let n = 0; n < turns; n++) await turn()
    this.free()
  }
}

function perform(log: EventLog, options: { heartbeatMs?: number; slow?: (seq: number) => boolean } = {}) {
  const { heartbeatMs = 60_000, slow = () => false } = options
  const executed: number[] = []
  const draining = new AbortController()
  let isEmpty = false
  const execute = (item: StreamItem): SharedResult | Promise<SharedResult> => {
    const { seq } = item
    const type = item.constructor.name
    if (type === 'Object') executed.push(seq)
    const result = { seq, cursor: String(seq), result: { data: { type } }, text: type }
    return slow(seq) ? turn(result) : result
  }
  const broadcast = new Broadcast(
    { log, filter: everything, heartbeatMs, clock: () => 0, draining: draining.signal, execute },
    () => (isEmpty = true),
  )
  const listen = (from: number, turns: (batch: number) => number = () => 0) => {
    const outlet = new Slow(turns)
    const subscriber = new Subscriber(broadcast, outlet, from)
    broadcast.add(subscriber)
    void subscriber.begin()
    return { outlet, subscriber }
  }
  return { listen, executed, draining, isEmpty: () => isEmpty }
}

const seqs = ({ outlet }: { outlet: Slow }): number[] => outlet.taken.map(({ seq }) => seq)
const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first }, (_, n) => first + 1 + n)

afterEach(() => void vi.useRealTimers())

/** As `until`, where time stands still. */
async function turnUntil(holds: () => boolean): Promise<void> {
  while (!holds()) await turn()
}

describe('subscribers of one broadcast', () => {
  it('get everything once and in order, whenever they come and however slow they are', async () => {
    const reader = fc.record({ from: fc.nat(40), slow: fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }) })
    const property = fc.asyncProperty(
      fc.array(reader, { minLength: 1, maxLength: 8 }),
      fc.array(fc.record({ events: fc.nat(90), pause: fc.nat(4) }), { maxLength: 6 }),
      fc.boolean(),
      async (readers, posts, waits) =>
        withLog(implementations[1]!, async (log) => {
          await log.append(Array.from({ length: 40 }, () => anEvent()))
          const { listen } = perform(log, { slow: (seq) => waits && seq % 3 === 0 })
          const all = readers.map(({ from: start, slow }) => ({
            start,
            ...listen(start, (batch) => slow[batch % slow.length]!),
          }))
          for (const { events, pause } of posts) {
            await log.append(Array.from({ length: events }, () => anEvent()))
            for (let n = 0; n < pause; n++) await turn()
          }
          const head = await log.head()
          await until(() => all.every((one) => seqs(one).length >= head - one.start))
          for (const one of all) expect(seqs(one)).toEqual(from(one.start, head))
          for (const { subscriber } of all) subscriber.end()
        }),
    )
    await fc.assert(property, { numRuns: 30 })
  })

  it('who keep up cost one execution of each event, and one who stalls costs them nothing', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen, executed } = perform(log)
    const quick = Array.from({ length: 10 }, () => listen(0))
    const stalled = listen(0, () => Number.POSITIVE_INFINITY)
    for (let n = 0; n < 30; n++) {
      await log.append([anEvent()])
      await until(() => quick.every((one) => seqs(one).length === n + 1))
    }
    expect(executed).toEqual(from(0, 30))
    expect(seqs(stalled)).toEqual([1])
    for (const { subscriber } of [...quick, stalled]) subscriber.end()
  })

  it('who are ahead of the others get nothing twice when the others come to it', async () => {
    const { log } = await fresh(implementations[1]!)
    const held = Promise.withResolvers<void>()
    const { readAfter } = log
    let reads = 0
    const read = async (...args: Parameters<EventLog['readAfter']>) => {
      // The second read is that of the broadcast: the first is of the one who comes first, alone.
      if (++reads === 2) await held.promise
      return readAfter.apply(log, args)
    }
    Object.assign(log, { readAfter: read })
    const { listen } = perform(log)
    const behind = listen(0)
    await until(() => reads === 2)
    await log.append(Array.from({ length: 10 }, () => anEvent()))
    const ahead = listen(4)
    await until(() => seqs(ahead).length === 6)
    await turn()
    await log.append([anEvent(), anEvent()])
    held.resolve()
    await until(() => seqs(behind).length === 12 && seqs(ahead).length >= 8)
    expect(seqs(ahead)).toEqual(from(4, 12))
    expect(seqs(behind)).toEqual(from(0, 12))
    for (const { subscriber } of [behind, ahead]) subscriber.end()
  })

  it('hear a heartbeat when nothing comes, behind what they have', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen } = perform(log, { heartbeatMs: 20 })
    const one = listen(0)
    await log.append([anEvent()])
    await until(() => one.outlet.taken.filter(({ text }) => text === 'Heartbeat').length >= 2)
    expect(seqs(one).at(-1)).toBe(1)
    one.subscriber.end()
  })

  it('hear heartbeats also while the log has only what they did not ask for', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen } = perform(log, { heartbeatMs: 40 })
    const one = listen(0)
    await until(async () => {
      await log.append([anEvent({ appId: 'of a stranger' })])
      return one.outlet.taken.length >= 2
    })
    expect(one.outlet.taken.map(({ text }) => text)).toContain('Heartbeat')
    one.subscriber.end()
  })

  it('hear none for as long as something comes', async () => {
    const { log } = await fresh(implementations[1]!)
    const heard = (): string[] => one.outlet.taken.map(({ text }) => text)
    vi.useFakeTimers({ toNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const { listen } = perform(log, { heartbeatMs: 1_000 })
    const one = listen(0)
    for (let events = 1; events <= 3; events++) {
      await log.append([anEvent()])
      await turnUntil(() => heard().length === events)
      vi.advanceTimersByTime(900)
    }
    expect(heard()).not.toContain('Heartbeat')
    await turnUntil(() => {
      vi.advanceTimersByTime(100)
      return heard().at(-1) === 'Heartbeat'
    })
    one.subscriber.end()
  })

  it('hear none that is behind what they have', () => {
    const outlet = new Slow(() => 0)
    const source = { since: async function* () {}, join: () => true, leave: () => undefined }
    const subscriber = new Subscriber(source, outlet, 10)
    subscriber.beat({ seq: 9, cursor: '9', result: {}, text: '' })
    expect([seqs({ outlet }), subscriber.position]).toEqual([[], 10])
  })

  it('wait for no outlet that is closed', async () => {
    const outlet = new PullOutlet({ resumeFrom: null, cursor: null })
    outlet.close()
    await outlet.freed()
    expect(await outlet.pull()).toEqual({ done: true, value: undefined })
  })

  it('are all let go when the gateway stops, and leave nothing behind', async () => {
    const opened = await fresh(implementations[1]!)
    const { listen, draining, isEmpty } = perform(opened.log)
    const all = Array.from({ length: 5 }, () => listen(0))
    await until(() => opened.waiting() === 1)
    draining.abort()
    await Promise.all(all.map(({ subscriber }) => subscriber.ended))
    await until(() => opened.waiting() === 0)
    expect(isEmpty()).toBe(true)
  })

  it('are let go at once when they come during the stop', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen, draining, isEmpty } = perform(log)
    draining.abort()
    await listen(0).subscriber.ended
    expect(isEmpty()).toBe(true)
  })

  it('get what comes after the log was restored to an earlier time, though it has positions from before', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen } = perform(log)
    await log.append(Array.from({ length: 9 }, () => anEvent()))
    const all = [listen(0), listen(4)]
    await until(() => all.every((one) => seqs(one).at(-1) === 9))
    const [event] = (await log.readAfter(2, everything, 1)).events
    const { readAfter } = log
    const restored: EventLog['readAfter'] = async (seq) =>
      seq === 9 ? { from: 9, events: [event!], upTo: 3 } : { from: seq, events: [], upTo: 3 }
    Object.assign(log, { readAfter: restored })
    await log.append([anEvent()])
    await until(() => all.every((one) => seqs(one).at(-1) === 3))
    expect(all.map(seqs)).toEqual([
      [...from(0, 9), 3],
      [...from(4, 9), 3],
    ])
    Object.assign(log, { readAfter })
    for (const { subscriber } of all) subscriber.end()
  })

  it('fail when the log cannot be read, each for itself', async () => {
    const { log } = await fresh(implementations[1]!)
    const { listen } = perform(log)
    const one = listen(0)
    await log.append([anEvent()])
    await until(() => seqs(one).length === 1)
    const failure = new Error('gone')
    Object.assign(log, { readAfter: () => Promise.reject(failure) })
    await log.append([anEvent()])
    await expect(one.subscriber.ended).rejects.toBe(failure)
    expect(one.outlet.error).toBe(failure)
  })
})

describe('the result cache', () => {
  it('keeps the newest items, and no more than 64', () => {
    const cache = new ResultCache()
    let executed = 0
    const execute = (seq: number) => () => {
      executed++
      return { seq, cursor: '', result: {}, text: '' }
    }
    for (let seq = 1; seq <= 1_000; seq++) void cache.of(seq, execute(seq))
    expect(cache.size).toBe(64)
    expect(cache.of(1_000, execute(1_000))).toMatchObject({ seq: 1_000 })
    expect(executed).toBe(1_000)
  })

  it('drops a result after two seconds, as what it shows of Graph may be old by then', () => {
    vi.useFakeTimers()
    const cache = new ResultCache()
    void cache.of(1, () => ({ seq: 1, cursor: '', result: {}, text: '' }))
    vi.advanceTimersByTime(1_999)
    expect(cache.size).toBe(1)
    vi.advanceTimersByTime(1)
    expect(cache.size).toBe(0)
  })
})
