import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent, StoredEvent } from '../../../src/events/event.ts'
import type { EventFilter, EventLog } from '../../../src/events/log.ts'
import { anEvent, anyEvent, anyFilter, everything, firstOfEachKey, matches } from '../support/events.ts'
import { fresh, withLog } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'

const appIds = ['670843887433847']
const filters: readonly (readonly [string, Partial<NewEvent>, EventFilter])[] = [
  ['app', { appId: '7' }, { appIds: ['7'] }],
  ['kind', { kind: 'CLIENT_WABA_REMOVED' }, { appIds, kinds: ['CLIENT_WABA_REMOVED', 'OTHER'] }],
  ['source', { source: 'GATEWAY' }, { appIds, sources: ['GATEWAY'] }],
  ['solution', { solutionId: '7' }, { appIds, solutionId: '7' }],
  ['account', { wabaId: '7' }, { appIds, wabaId: '7' }],
]

const never: readonly (readonly [string, EventFilter])[] = [
  ['no app', { appIds: [] }],
  ['no kind', { appIds, kinds: [] }],
  ['no source', { appIds, sources: [] }],
  ['a solution that is a piece of SQL', { appIds, solutionId: "' OR 1=1 --" }],
  ['an app that is a wildcard', { appIds: ['%'] }],
]

describe.each(implementations)('reading the log in $name', (implementation) => {
  it.each(filters)('filters by %s in both directions', async (_, fields, filter) => {
    const { log } = await fresh(implementation)
    await log.append([anEvent(), anEvent(fields), anEvent(), anEvent(fields), anEvent()])
    expect(seqs((await log.readAfter(0, filter, 10)).events)).toEqual([2, 4])
    expect(seqs(await log.readBefore(6, filter, 10))).toEqual([2, 4])
    expect(seqs((await log.readAfter(2, filter, 10)).events)).toEqual([4])
    expect(seqs(await log.readBefore(4, filter, 10))).toEqual([2])
  })

  it.each(never)('finds nothing with %s', async (_, filter) => {
    const { log } = await fresh(implementation)
    await log.append([anEvent({ solutionId: '1' }), anEvent()])
    expect(await log.readAfter(0, filter, 10)).toEqual({ from: 0, events: [], upTo: 2 })
    expect(await log.readBefore(10, filter, 10)).toEqual([])
  })

  it('takes a filter that names one kind fifty thousand times', async () => {
    const { log } = await fresh(implementation)
    await log.append([anEvent()])
    const kinds = Array.from({ length: 50_000 }, () => 'SOLUTION_UPDATED' as const)
    expect((await log.readAfter(0, { ...everything, kinds }, 10)).events).toHaveLength(1)
  })

  it('gives the oldest behind a position, the newest before one, and both oldest first', async () => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 10 }, () => anEvent()))
    expect(seqs((await log.readAfter(3, everything, 3)).events)).toEqual([4, 5, 6])
    expect(seqs(await log.readBefore(8, everything, 3))).toEqual([5, 6, 7])
  })

  it('says up to where it has looked: to the last of a full page, else to the head', async () => {
    const { log } = await fresh(implementation)
    const ours = { appIds: ['7'] }
    await log.append([anEvent({ appId: '7' }), anEvent(), anEvent({ appId: '7' }), anEvent()])
    expect((await log.readAfter(0, ours, 1)).upTo).toBe(1)
    expect((await log.readAfter(0, ours, 2)).upTo).toBe(3)
    expect((await log.readAfter(0, ours, 3)).upTo).toBe(4)
    expect((await log.readAfter(4, ours, 3)).upTo).toBe(4)
  })

  it('goes on at the head when the position is ahead of the log', async () => {
    const { log } = await fresh(implementation)
    await log.append([anEvent()])
    expect(await log.readAfter(999, everything, 10)).toEqual({ from: 999, events: [], upTo: 1 })
  })

  it('gets one event by its position, and null where there is none', async () => {
    const { log } = await fresh(implementation)
    const event = anEvent()
    await log.append([event])
    expect(await log.get(1)).toEqual({ ...event, seq: 1 })
    expect(await log.get(2)).toBeNull()
    expect(await log.get(0)).toBeNull()
  })

  it('has its head at 0 when empty and at the newest event else', async () => {
    const { log } = await fresh(implementation)
    expect(await log.head()).toBe(0)
    await log.append([anEvent(), anEvent()])
    expect(await log.head()).toBe(2)
  })

  it('finds a rare event among a hundred thousand others while the event loop goes on', async () => {
    const { log } = await fresh(implementation)
    const [first, second, third] = [anEvent({ appId: '7' }), anEvent({ appId: '7' }), anEvent({ appId: '7' })]
    await log.append([first])
    // Several appends: a store takes none for longer than it is patient.
    for (let n = 0; n < 22; n++) await log.append(Array.from({ length: 5_000 }, () => anEvent()))
    await log.append([second, third])
    let turns = 0
    const tick = (): void => void (turns++, (immediate = setImmediate(tick)))
    let immediate = setImmediate(tick)
    const filter = { appIds: ['7'] }
    expect(await log.readAfter(1, filter, 10)).toMatchObject({ events: [second, third], upTo: 110_003 })
    expect(await log.readAfter(0, filter, 2)).toMatchObject({ events: [first, second], upTo: 110_002 })
    expect(await log.readBefore(110_002, filter, 10)).toMatchObject([first])
    expect(await log.readBefore(110_003, filter, 2)).toMatchObject([first, second])
    clearImmediate(immediate)
    expect(turns).toBeGreaterThan(3)
  })

  it('never skips and never repeats, whatever the filters, page sizes and appends between', async () => {
    const appends = fc.array(fc.array(anyEvent, { maxLength: 8 }), { maxLength: 12 })
    const property = fc.asyncProperty(
      appends,
      anyFilter,
      fc.integer({ min: 1, max: 5 }),
      async (posts, filter, size) =>
        withLog(implementation, async (log) => {
          const read: StoredEvent[] = []
          let position = 0
          for (const post of posts) {
            await log.append(post)
            const page = await log.readAfter(position, filter, size)
            read.push(...page.events)
            position = page.upTo
          }
          read.push(...(await rest(log, position, filter, size)))
          const expected = firstOfEachKey(posts).filter((event) => matches(filter, event))
          expect(read.map((event) => event.dedupeKey)).toEqual(expected.map((event) => event.dedupeKey))
          expect(seqs(read)).toEqual(seqs(read).toSorted((a, b) => a - b))
        }),
    )
    await fc.assert(property, { numRuns: 60 * implementation.share })
  })
})

async function rest(log: EventLog, from: number, filter: EventFilter, size: number): Promise<StoredEvent[]> {
  const { events, upTo } = await log.readAfter(from, filter, size)
  return events.length < size ? [...events] : [...events, ...(await rest(log, upTo, filter, size))]
}

function seqs(events: readonly StoredEvent[]): number[] {
  return events.map((event) => event.seq)
}
