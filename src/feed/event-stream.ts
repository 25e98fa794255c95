import type { EventFilter } from '../events/log.ts'
import type { StreamItem } from './stream-item.graphql.ts'

/**
 * What one caller of `events` wants to follow, and from where. Whoever executes it does so once for all who want the
 * same: it gives no items by itself.
 */
export class EventStream implements AsyncIterable<StreamItem> {
  readonly filter: EventFilter
  readonly from: number
  /** Where the log begins, when events between that and the caller's cursor are gone. */
  readonly lagsTo: number | null

  constructor(filter: EventFilter, from: number, start: number) {
    this.filter = filter
    this.from = Math.max(from, start)
    this.lagsTo = from < start ? start : null
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamItem> {
    throw new TypeError('Events are followed by an audience, which executes each of them once.')
  }
}
