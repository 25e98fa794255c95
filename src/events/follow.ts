import { setImmediate as turn } from 'node:timers/promises'
import type { StoredEvent } from './event.ts'
import type { EventFilter, EventLog } from './log.ts'

const followedPageSize = 64

/** Retention has deleted events that the reader had not had yet. It may go on from `start`, and has missed some. */
export class EventsGone extends Error {
  override readonly name = 'EventsGone'
  readonly start: number

  constructor(start: number) {
    super('Events behind this position are gone from the log.')
    this.start = start
  }
}

/**
 * Yields the events behind `seq`, and then those that are appended, until the signal ends; in pages that are never empty.
 * The reader pulls, so a slow one costs a position and no memory. When retention overtakes it, EventsGone is thrown.
 */
export async function* followPages(
  log: EventLog,
  seq: number,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<readonly StoredEvent[], void, void> {
  const leave = new AbortController()
  const over = AbortSignal.any([signal, leave.signal])
  try {
    let position = seq
    // The wait is armed before the read that it follows, so an append between the two still wakes it.
    let woken = log.appended(over)
    while (!signal.aborted) {
      const { from, events, upTo } = await log.readAfter(position, filter, followedPageSize)
      if (from > position) throw new EventsGone(from)
      position = upTo
      if (events.length > 0) yield events
      // A full page has more behind it. A turn of the event loop between two pages lets others run.
      if (events.length === followedPageSize) await turn()
      else {
        await woken
        woken = log.appended(over)
      }
    }
  } finally {
    leave.abort()
  }
}

/** The same, event by event. */
export async function* follow(
  log: EventLog,
  seq: number,
  filter: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent, void, void> {
  for await (const events of followPages(log, seq, filter, signal)) yield* events
}
