import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { follow } from '../../src/events/follow.ts'
import { StoreUnavailable, type EventLog, type LogPage } from '../../src/events/log.ts'
import { SqliteLog } from '../../src/events/sqlite/log.ts'
import { openDatabase } from '../../src/events/sqlite/open.ts'
import { withTail } from '../../src/events/tail.ts'
import { anEvent, anyEvent, anyFilter, everything } from './support/events.ts'
import { folder } from './support/fresh.ts'

describe('a log with its newest events in memory', () => {
  it('answers every read like the log itself, whatever is kept and whatever was read before', async () => {
    const read = fc.record({
      back: fc.integer({ min: -2, max: 40 }),
      filter: anyFilter,
      limit: fc.integer({ min: 1, max: 12 }),
    })
    const step = fc.oneof(fc.array(anyEvent, { maxLength: 10 }), read)
    const limits = fc.record({
      events: fc.integer({ min: 1, max: 12 }),
      characters: fc.integer({ min: 0, max: 40 }),
    })
    const property = fc.asyncProperty(limits, fc.array(step, { maxLength: 40 }), async (limits, steps) => {
      const log = opened()
      const tailed = withTail(log, limits)
      for (const step of steps) {
        if ('back' in step) {
          const from = Math.max(0, (await log.head()) - step.back)
          expect(await tailed.readAfter(from, step.filter, step.limit)).toEqual(
            await log.readAfter(from, step.filter, step.limit),
          )
        } else await tailed.append(step)
      }
      await log.close()
    })
    await fc.assert(property, { numRuns: 100 })
  })

  it('costs a thousand followers that one append wakes one read of the store', async () => {
    const { log, reads } = counted(opened())
    const tailed = withTail(log)
    await tailed.append([anEvent()])
    const stop = new AbortController()
    onTestFinished(() => stop.abort())
    const followers = Array.from({ length: 1000 }, () => follow(tailed, 1, everything, stop.signal))
    let next = followers.map((follower) => follower.next())
    for (let post = 0; post < 5; post++) {
      while (log.waiting < 1000) await turn()
      await settled(reads)
      const before = reads.length
      await tailed.append([anEvent({ payload: String(post) })])
      const events = await Promise.all(next)
      expect(events.every(({ value }) => value?.payload === String(post))).toBe(true)
      expect(reads.length - before).toBe(1)
      next = followers.map((follower) => follower.next())
    }
  })

  it('sees what was stored before it was asked, also while an older look is under way', async () => {
    const log = opened()
    const gate = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    let looks = 0
    const tailed = withTail(
      changed(log, async (page) => {
        begun.resolve()
        if (++looks === 1) await gate.promise
        return page
      }),
    )
    const early = tailed.readAfter(0, everything, 10)
    await begun.promise
    await log.append([anEvent()])
    const late = tailed.readAfter(0, everything, 10)
    gate.resolve()
    expect((await early).upTo).toBeLessThanOrEqual(1)
    expect(await late).toMatchObject({ events: [{ seq: 1 }], upTo: 1 })
  })

  it('fails with the store and recovers with it', async () => {
    const log = opened()
    await log.append([anEvent()])
    let isDown = true
    const tailed = withTail(
      changed(log, async (page) => {
        if (isDown) throw new StoreUnavailable('gone')
        return page
      }),
    )
    const reads = [1, 2, 3].map(() => tailed.readAfter(0, everything, 10))
    for (const read of reads) await expect(read).rejects.toThrow('gone')
    isDown = false
    expect((await tailed.readAfter(0, everything, 10)).events).toHaveLength(1)
  })

  it('leaves out what it would not keep when much has come since it looked', async () => {
    const { log, reads } = counted(opened())
    const tailed = withTail(log, { events: 8 })
    await tailed.readAfter(0, everything, 1)
    for (let post = 0; post < 20; post++) await tailed.append(Array.from({ length: 500 }, () => anEvent()))
    const before = reads.length
    expect((await tailed.readAfter(9_998, everything, 10)).events.map(({ seq }) => seq)).toEqual([
      9_999, 10_000,
    ])
    expect((await tailed.readAfter(5, everything, 2)).events.map(({ seq }) => seq)).toEqual([6, 7])
    expect(reads.length - before).toBeLessThan(6)
  })

  it('starts again where the store is when that was restored to an earlier time', async () => {
    const [log, restored] = [opened(), opened()]
    await log.append([anEvent(), anEvent(), anEvent()])
    await restored.append([anEvent()])
    const [behind, switchTo] = switching(log)
    const tailed = withTail(behind)
    await tailed.readAfter(3, everything, 10)
    await log.append([anEvent()])
    await tailed.readAfter(3, everything, 10)
    switchTo(restored)
    expect(await tailed.readAfter(4, everything, 10)).toEqual({ from: 4, events: [], upTo: 1 })
    const event = anEvent()
    await restored.append([event])
    expect((await tailed.readAfter(1, everything, 10)).events).toMatchObject([event])
  })

  it('shows nothing of what it had in memory when the store was restored, and says that it cannot tell what came', async () => {
    const [log, restored] = [opened(), opened()]
    const [behind, switchTo] = switching(log)
    const tailed = withTail(behind)
    const { told, gaps } = observed(tailed)
    await tailed.append([anEvent(), anEvent(), anEvent()])
    expect((await tailed.readAfter(0, everything, 10)).events).toHaveLength(3)
    const before = gaps()
    const event = anEvent()
    await restored.append([event])
    switchTo(restored)
    await tailed.readAfter(0, everything, 10)
    expect(gaps()).toBeGreaterThan(before)
    const another = anEvent()
    await tailed.append([another])
    expect((await tailed.readAfter(0, everything, 10)).events).toMatchObject([event, another])
    expect(told).toHaveLength(4)
  })

  it('has no hole where retention passed by while nobody looked', async () => {
    const log = opened()
    const tailed = withTail(log)
    await tailed.append([anEvent()])
    await tailed.readAfter(0, everything, 10)
    await log.append([anEvent({ receivedAt: 1 }), anEvent({ receivedAt: 1 }), anEvent()])
    await log.deleteBefore(Date.now() + 60_000, 3)
    expect(await tailed.readAfter(1, everything, 10)).toEqual(await log.readAfter(1, everything, 10))
    expect((await tailed.readAfter(1, everything, 10)).from).toBe(3)
  })

  it('tells nobody of history that somebody reads', async () => {
    const log = opened()
    await log.append([anEvent(), anEvent()])
    const tailed = withTail(log)
    const { told } = observed(tailed)
    expect((await tailed.readAfter(0, everything, 10)).events).toHaveLength(2)
    await tailed.append([anEvent()])
    await tailed.readAfter(0, everything, 10)
    expect(told).toHaveLength(1)
  })

  it('keeps the newest in memory, however much has gone through it', async () => {
    const { log, reads } = counted(opened())
    const tailed = withTail(log, { events: 100, characters: 100 })
    for (let seq = 1; seq <= 30; seq++) {
      await tailed.append([anEvent({ payload: 'x'.repeat(10) })])
      await tailed.readAfter(seq, everything, 1)
    }
    const before = reads.length
    expect((await tailed.readAfter(28, everything, 10)).events.map(({ seq }) => seq)).toEqual([29, 30])
    expect(reads.length - before).toBe(1)
  })
})

/** What an observer hears until the end of the test. */
function observed(log: ReturnType<typeof withTail>) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const told: unknown[] = []
  let gaps = 0
  const news = {
    onEvents: (events: readonly unknown[]) => void told.push(...events),
    onGap: () => void gaps++,
  }
  log.observe(news, stop.signal).catch(() => {})
  return { told, gaps: () => gaps }
}

type Whole = EventLog & { readAllAfter(seq: number, limit: number): Promise<LogPage> }

function opened(): SqliteLog {
  const log = new SqliteLog(openDatabase(`${folder()}/events.db`))
  onTestFinished(() => log.close())
  return log
}

/** The log, but what a look brings goes through `change`. */
function changed(log: Whole, change: (page: LogPage) => Promise<LogPage>): Whole {
  return proxied(log, { readAllAfter: async (seq, limit) => change(await log.readAllAfter(seq, limit)) })
}

function counted(log: SqliteLog): { log: Whole & { waiting: number }; reads: Promise<LogPage>[] } {
  const reads: Promise<LogPage>[] = []
  const note = (read: Promise<LogPage>): Promise<LogPage> => {
    reads.push(read)
    return read
  }
  let waiting = 0
  const whole = proxied(log, {
    readAllAfter: (seq, limit) => note(log.readAllAfter(seq, limit)),
    readAfter: (seq, filter, limit) => note(log.readAfter(seq, filter, limit)),
    async appended(signal) {
      waiting++
      await log.appended(signal)
      waiting--
    },
  })
  return {
    log: Object.defineProperty(whole, 'waiting', { get: () => waiting }) as Whole & { waiting: number },
    reads,
  }
}

/** Until no read has begun for some turns. */
async function settled(reads: readonly Promise<LogPage>[]): Promise<void> {
  for (let before = -1; before !== reads.length;) {
    before = reads.length
    await Promise.all(reads)
    for (let turns = 0; turns < 10; turns++) await turn()
  }
}

function switching(log: Whole): [Whole, (to: Whole) => void] {
  let at = log
  const behind = new Proxy(log, {
    get: (_, name) => {
      const value: unknown = Reflect.get(at, name)
      return typeof value === 'function' ? value.bind(at) : value
    },
  })
  return [behind, (to) => void (at = to)]
}

function proxied(log: Whole, changes: Partial<Whole>): Whole {
  return new Proxy(log, {
    get: (_, name) => {
      const change: unknown = Reflect.get(changes, name)
      if (change !== undefined) return change
      const value: unknown = Reflect.get(log, name)
      return typeof value === 'function' ? value.bind(log) : value
    },
    defineProperty: (_, name, descriptor) => Reflect.defineProperty(changes, name, descriptor),
  })
}
