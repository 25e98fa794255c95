import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { NewEvent } from '../../../src/events/event.ts'
import { follow, followPages } from '../../../src/events/follow.ts'
import type { EventLog } from '../../../src/events/log.ts'
import { anEvent, anyEvent, anyFilter, everything, firstOfEachKey, matches } from '../support/events.ts'
import { fresh, withLog } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'
import { take } from '../support/take.ts'
import { until } from '../../support/until.ts'

describe.each(implementations)('following the log in $name', (implementation) => {
  it('has no gap and no repeat where history meets the live end, from any position', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 200 }, () => anEvent()))
    const stop = stopper()
    const followers = [0, 1, 63, 64, 65, 128, 199, 200].map(async (from) => {
      const events = await take(follow(log, from, everything, stop), 300 - from)
      expect(events.map((event) => event.seq)).toEqual(
        Array.from({ length: 300 - from }, (_, i) => from + 1 + i),
      )
    })
    for (let post = 0; post < 50; post++) await log.append([anEvent(), anEvent()])
    await Promise.all(followers)
  })

  it('gives every event that matches, in order, whatever the appends, filters and start', async () => {
    const posts = fc.array(fc.array(anyEvent, { maxLength: 80 }), { maxLength: 6 })
    const property = fc.asyncProperty(posts, posts, anyFilter, async (history, live, filter) =>
      withLog(implementation, async (log) => {
        for (const post of history) await log.append(post)
        const expected = keys(firstOfEachKey([...history, ...live]).filter((event) => matches(filter, event)))
        const events = take(follow(log, 0, filter, stopper()), expected.length)
        await Promise.all(live.map((post) => log.append(post)))
        expect(keys(await events)).toEqual(expected)
      }),
    )
    await fc.assert(property, { numRuns: 25 * implementation.share })
  })

  it('misses no event that comes between its read and its wait', async () => {
    const { log } = await fresh(implementation)
    const late = [anEvent(), anEvent(), anEvent()]
    const between = whenRead(log, async () => {
      const event = late.shift()
      if (event) await log.append([event])
    })
    const expected = keys(late)
    expect(keys(await take(follow(between, 0, everything, stopper()), 3))).toEqual(expected)
  })

  it('never gives an empty page', async () => {
    const { log } = await fresh(implementation)
    const stop = new AbortController()
    const sizes: number[] = []
    const total = (): number => sizes.reduce((sum, size) => sum + size, 0)
    const followed = async (): Promise<void> => {
      for await (const page of followPages(log, 0, { appIds: ['7'] }, stop.signal)) {
        sizes.push(page.length)
        if (total() === 4) stop.abort()
      }
    }
    const end = followed()
    for (let post = 0; post < 10; post++) await log.append([anEvent({ appId: post % 3 === 0 ? '7' : '8' })])
    await end
    expect(sizes.every((size) => size > 0)).toBe(true)
    expect(total()).toBe(4)
  })

  it('gives a burst of 5,000 events of one append completely', async () => {
    const { log } = await fresh(implementation)
    const stop = stopper()
    const followers = Array.from({ length: 5 }, () => take(follow(log, 0, everything, stop), 5000))
    const burst = Array.from({ length: 5000 }, () => anEvent())
    await log.append(burst)
    for (const events of await Promise.all(followers)) expect(keys(events)).toEqual(keys(burst))
  })

  it('lets others have their turn while it gives a long history', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 2000 }, () => anEvent()))
    let turns = 0
    const tick = (): void => void (turns++, (immediate = setImmediate(tick)))
    let immediate = setImmediate(tick)
    await take(follow(log, 0, everything, stopper()), 2000)
    clearImmediate(immediate)
    expect(turns).toBeGreaterThan(20)
  })

  it('keeps nothing for a reader that stalls, and gives it everything when it goes on', async () => {
    const { log, waiting } = await fresh(implementation)
    const stalled = follow(log, 0, everything, stopper())
    await log.append([anEvent()])
    await stalled.next()
    const reader = follow(log, 1, everything, stopper())
    for (let post = 0; post < 300; post++) {
      await log.append([anEvent()])
      expect((await reader.next()).value).toMatchObject({ seq: post + 2 })
    }
    expect(waiting()).toBeLessThanOrEqual(2)
    expect((await take(stalled, 300)).map((event) => event.seq)).toEqual(
      Array.from({ length: 300 }, (_, i) => i + 2),
    )
  })

  it('ends when its signal ends, also while it waits, and leaves no waiter', async () => {
    const { log, waiting } = await fresh(implementation)
    const stop = new AbortController()
    const next = follow(log, 0, everything, stop.signal).next()
    await turn()
    expect(waiting()).toBe(1)
    stop.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(waiting()).toBe(0)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })

  it('gives nothing when its signal has ended before', async () => {
    const { log, waiting } = await fresh(implementation)
    await log.append([anEvent()])
    expect(await take(follow(log, 0, everything, AbortSignal.abort()), 1)).toEqual([])
    expect(waiting()).toBe(0)
  })

  it('leaves no waiter when the reader breaks off', async () => {
    const { log, waiting } = await fresh(implementation)
    await log.append([anEvent()])
    for await (const event of follow(log, 0, everything, stopper())) if (event.seq === 1) break
    expect(waiting()).toBe(0)
  })

  it('leaves no waiter behind 10,000 followers that came and went', async () => {
    const { log, waiting } = await fresh(implementation)
    const gateway = new AbortController()
    for (let cycle = 0; cycle < 100; cycle++) {
      const stop = new AbortController()
      const signal = AbortSignal.any([stop.signal, gateway.signal])
      const ends = Array.from({ length: 100 }, () => follow(log, 0, everything, signal).next())
      await turn()
      expect(waiting()).toBe(100)
      stop.abort()
      await Promise.all(ends)
      expect(waiting()).toBe(0)
    }
    expect(getEventListeners(gateway.signal, 'abort')).toEqual([])
  })

  it('wakes all who wait at an append, and not at one that stored nothing', async () => {
    const { log, waiting } = await fresh(implementation)
    const event = anEvent()
    await log.append([event])
    const { signal } = new AbortController()
    const woken = Array.from({ length: 10 }, () => log.appended(signal))
    await log.append([event])
    expect(waiting()).toBe(10)
    await log.append([anEvent()])
    await Promise.all(woken)
    expect(waiting()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('ends with StoreUnavailable when the log is closed under it', async () => {
    const { log } = await fresh(implementation)
    const next = take(follow(log, 0, everything, stopper()), 1)
    await turn()
    await log.close()
    await expect(next).rejects.toThrow(expect.objectContaining({ name: 'StoreUnavailable' }))
  })

  it('asks the log once for each append that it waits for', async () => {
    const { log } = await fresh(implementation)
    let reads = 0
    const counted = whenRead(log, async () => void reads++)
    const stop = new AbortController()
    const events = follow(counted, 0, everything, stop.signal)
    for (let post = 0; post < 20; post++) {
      const next = events.next()
      await until(() => reads > post)
      await log.append([anEvent()])
      await next
    }
    expect(reads).toBeLessThanOrEqual(21)
    stop.abort()
  })
})

/** The log, but something happens between each read and its answer. */
function whenRead(log: EventLog, happens: () => Promise<void>): EventLog {
  return {
    id: log.id,
    cursors: log.cursors,
    append: (events) => log.append(events),
    businessesKnownBefore: (...of) => log.businessesKnownBefore(...of),
    readAfter: async (seq, filter, limit) => {
      const page = await log.readAfter(seq, filter, limit)
      await happens()
      return page
    },
    readBefore: (seq, filter, limit) => log.readBefore(seq, filter, limit),
    get: (seq) => log.get(seq),
    head: () => log.head(),
    start: () => log.start(),
    deleteBefore: (time, limit) => log.deleteBefore(time, limit),
    onboarding: (of, appIds) => log.onboarding(of, appIds),
    appended: (signal) => log.appended(signal),
    close: () => log.close(),
  }
}

function stopper(): AbortSignal {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  return stop.signal
}

function keys(events: readonly NewEvent[]): string[] {
  return events.map((event) => event.dedupeKey)
}
