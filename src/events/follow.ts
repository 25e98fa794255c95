import { setImmediate as turn } from 'node:timers/promises'
import type { StoredEvent } from './event.ts'
import type { EventFilter, EventLog } from './log.ts'

const pageSize = 64

/** Retention took events that a reader was still to have: it may go on from `start`, and knows that it missed some. */
export class EventsGone extends Error {
  override readonly name = 'EventsGone'
  readonly start: number

  constructor(start: number) {
    super('Events behind this position are gone from the log.')
    this.start = start
  }
}

/**
 * History after `seq`, then the live end, until the signal ends: in pages of what there is, never an empty
 * one. It pulls, so a slow reader costs a cursor and nothing is kept for it; one that retention overtakes gets
 * EventsGone.
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
    // Armed before the read that it covers: an append between the read and the wait still wakes.
    let woken = log.appended(over)
    while (!signal.aborted) {
      const { from, events, upTo } = await log.readAfter(position, filter, pageSize)
      if (from > position) throw new EventsGone(from)
      position = upTo
      if (events.length > 0) yield events
      // A full page has more behind it; a turn of the loop between two keeps a long history from starving others.
      if (events.length === pageSize) await turn()
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
