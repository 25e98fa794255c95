import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent, StoredEvent } from '../../../src/events/event.ts'
import type { EventFilter, EventLog } from '../../../src/events/log.ts'
import { pageOfEvents } from '../../../src/events/page.ts'
import { anEvent, anyEvent, anyFilter, everything, matches } from '../support/events.ts'
import { fresh, withLog } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'

const size = fc.integer({ min: 1, max: 8 })
const bound = fc.option(fc.integer({ min: 0, max: 45 }), { nil: null })
const filter = fc.oneof(fc.constant({ appIds: ['1', '2', '3'] }), anyFilter)
const history = fc.uniqueArray(anyEvent, { maxLength: 40, selector: (event) => event.dedupeKey })

describe.each(implementations)('pages of the log in $name', (implementation) => {
  it('are, forwards, the first of what lies between the cursors', async () => {
    const property = fc.asyncProperty(
      history,
      filter,
      size,
      bound,
      bound,
      async (events, filter, first, low, high) =>
        withLog(implementation, async (log) => {
          await log.append(events)
          const [after, before] = [inLog(low, events), inLog(high, events)]
          const all = between(events, filter, after, before)
          const page = await pageOfEvents(log, filter, { first, ...cursors(log, after, before) })
          expect(page.edges.map((edge) => edge.node.seq)).toEqual(all.slice(0, first))
          expect(page.pageInfo.hasNextPage).toBe(all.length > first)
        }),
    )
    await fc.assert(property, { numRuns: 150 * implementation.share })
  })

  it('are, backwards, the last of what lies between the cursors', async () => {
    const property = fc.asyncProperty(
      history,
      filter,
      size,
      bound,
      bound,
      async (events, filter, last, low, high) =>
        withLog(implementation, async (log) => {
          await log.append(events)
          const [after, before] = [inLog(low, events), inLog(high, events)]
          const all = between(events, filter, after, before)
          const page = await pageOfEvents(log, filter, { last, ...cursors(log, after, before) })
          expect(page.edges.map((edge) => edge.node.seq)).toEqual(all.slice(-last))
          expect(page.pageInfo.hasPreviousPage).toBe(all.length > last)
        }),
    )
    await fc.assert(property, { numRuns: 150 * implementation.share })
  })

  it.each([1, 3, 7])('of %d join to the whole log in both directions', async (pageSize) => {
    const { log } = await fresh(implementation)
    await log.append(Array.from({ length: 20 }, () => anEvent()))
    const all = Array.from({ length: 20 }, (_, index) => index + 1)
    expect((await allForwards(log, pageSize)).map((event) => event.seq)).toEqual(all)
    expect((await allBackwards(log, pageSize)).map((event) => event.seq)).toEqual(all)
  })

  it('have 25 events when no size is asked for, and an empty one has no cursors', async () => {
    const { log } = await fresh(implementation)
    expect((await pageOfEvents(log, everything, {})).pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
    await log.append(Array.from({ length: 30 }, () => anEvent()))
    expect((await pageOfEvents(log, everything, {})).edges).toHaveLength(25)
  })

  it.each([{ first: 0 }, { first: -1 }, { first: 101 }, { last: 0 }, { last: 101 }])(
    'refuse the size %o',
    async (args) => {
      const { log } = await fresh(implementation)
      await expect(pageOfEvents(log, everything, args)).rejects.toThrow('must be from 1 to 100')
    },
  )

  it('refuse a cursor that is none, by the name of its argument', async () => {
    const { log } = await fresh(implementation)
    await expect(pageOfEvents(log, everything, { after: 'x' })).rejects.toThrow('after: This is not a cursor')
    await expect(pageOfEvents(log, everything, { last: 1, before: '' })).rejects.toThrow(
      'before: This is not',
    )
  })

  it('refuse a cursor of another log', async () => {
    const [{ log }, { log: other }] = [await fresh(implementation), await fresh(implementation)]
    const after = other.cursors.encode(1)
    await expect(pageOfEvents(log, everything, { after })).rejects.toThrow('belongs to another event log')
  })

  it('refuse a cursor ahead of the log, as of one that was restored to an earlier time', async () => {
    const { log } = await fresh(implementation)
    await log.append([anEvent()])
    const [head, beyond] = [log.cursors.encode(1), log.cursors.encode(2)]
    expect((await pageOfEvents(log, everything, { after: head })).edges).toEqual([])
    for (const args of [{ after: beyond }, { last: 1, before: beyond }])
      await expect(pageOfEvents(log, everything, args)).rejects.toThrow('is ahead of the event log')
  })
})

function between(
  events: readonly NewEvent[],
  filter: EventFilter,
  after: number | null,
  before: number | null,
): number[] {
  const stored = events.map((event, index) => ({ event, seq: index + 1 }))
  return stored
    .filter(({ event, seq }) => matches(filter, event) && seq > (after ?? 0) && seq < (before ?? Infinity))
    .map(({ seq }) => seq)
}

/** No cursor is ahead of the log. */
function inLog(seq: number | null, { length }: readonly NewEvent[]): number | null {
  return seq === null ? null : Math.min(seq, length)
}

function cursors(log: EventLog, after: number | null, before: number | null) {
  return {
    after: after === null ? null : log.cursors.encode(after),
    before: before === null ? null : log.cursors.encode(before),
  }
}

async function allForwards(log: EventLog, first: number, after?: string | null): Promise<StoredEvent[]> {
  const { edges, pageInfo } = await pageOfEvents(log, everything, { first, after })
  const nodes = edges.map((edge) => edge.node)
  return pageInfo.hasNextPage ? [...nodes, ...(await allForwards(log, first, pageInfo.endCursor))] : nodes
}

async function allBackwards(log: EventLog, last: number, before?: string | null): Promise<StoredEvent[]> {
  const { edges, pageInfo } = await pageOfEvents(log, everything, { last, before })
  const nodes = edges.map((edge) => edge.node)
  return pageInfo.hasPreviousPage
    ? [...(await allBackwards(log, last, pageInfo.startCursor)), ...nodes]
    : nodes
}
