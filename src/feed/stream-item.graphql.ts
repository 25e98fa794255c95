import type { StoredEvent } from '../events/event.ts'
import { AccountAlertEvent } from './account-alert-event.graphql.ts'
import { builder } from '../graphql/builder.ts'
import { CreditEvent, ClientWabaEvent, OtherEvent, SolutionEvent } from './event-types.graphql.ts'
import { SignupSessionEvent } from './signup-session-event.graphql.ts'
import type { EventFilter } from '../events/log.ts'

/** Nothing else was sent for a while: the stream stands at `seq` and lives. */
export class Heartbeat {
  readonly seq: number
  readonly at: number

  constructor(seq: number, at: number) {
    this.seq = seq
    this.at = at
  }
}

/** Events behind the reader's cursor are gone: it goes on behind `seq`. */
export class Lagged {
  readonly seq: number

  constructor(seq: number) {
    this.seq = seq
  }
}

export type StreamItem = StoredEvent | Heartbeat | Lagged

const StreamHeartbeat = builder.objectRef<Heartbeat>('StreamHeartbeat').implement({
  description: 'Sent when nothing else was, so that a client can tell quiet from broken.',
  isTypeOf: (value) => value instanceof Heartbeat,
  fields: (t) => ({
    cursor: t.string({
      description: 'Where the stream stands: pass it as `after` to go on from here.',
      resolve: ({ seq }, _, ctx) => ctx.log.cursors.encode(seq),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was sent.' }),
  }),
})

const StreamLagged = builder.objectRef<Lagged>('StreamLagged').implement({
  description:
    'Events between `after` and the next item are gone from the log. What is known of them now can be queried.',
  isTypeOf: (value) => value instanceof Lagged,
  fields: (t) => ({
    missed: t.int({
      nullable: true,
      description: 'How many are gone; null when that cannot be told.',
      resolve: () => null,
    }),
    resumeFrom: t.string({
      description:
        'Cursor from which the stream goes on by itself: pass it as `after` when it breaks off here.',
      resolve: ({ seq }, _, ctx) => ctx.log.cursors.encode(seq),
    }),
  }),
})

export const EventStreamItem = builder.unionType('EventStreamItem', {
  description: 'What the `events` subscription sends.',
  types: [
    SolutionEvent,
    ClientWabaEvent,
    AccountAlertEvent,
    SignupSessionEvent,
    CreditEvent,
    OtherEvent,
    StreamHeartbeat,
    StreamLagged,
  ],
})

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
    throw new TypeError('Events are followed by a broadcast, which executes each of them once.')
  }
}
