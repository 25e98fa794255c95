import type { EventKind } from './kinds.ts'

/** WEBHOOK: sent by Meta. RECONCILED: found by comparing with Graph. GATEWAY: an action taken through this gateway. */
export const eventSources = ['WEBHOOK', 'RECONCILED', 'GATEWAY'] as const
export type EventSource = (typeof eventSources)[number]

/** A source that this release does not know is one of the gateway's own. */
export const toSource = (stored: string): EventSource =>
  eventSources.find((source) => source === stored) ?? 'GATEWAY'

export interface NewEvent {
  /** The app that the event belongs to: the webhook's receiver, or a partner of the solution acted on. */
  readonly appId: string
  readonly kind: EventKind
  readonly source: EventSource
  /** The log stores one event for each key. */
  readonly dedupeKey: string
  /** Meta's own time, milliseconds since 1970. */
  readonly occurredAt: number
  readonly receivedAt: number
  /** The webhook field, e.g. `account_update`; for GATEWAY events the verb, e.g. `accept`. */
  readonly field: string
  /** Meta's own event name inside the field, e.g. `PARTNER_ADDED`; of an alert its code, e.g. `REJECTED`. */
  readonly event: string | null
  readonly solutionId: string | null
  readonly wabaId: string | null
  readonly ownerBusinessId: string | null
  /** The status that the webhook states. It is a hint: the status of the solution is read from Graph. */
  readonly reportedStatus: string | null
  /** What may be stored of the change, as JSON text in which no number has lost digits. */
  readonly payload: string
}

export interface StoredEvent extends NewEvent {
  /** Position in the log: from 1, always growing, not always by one. */
  readonly seq: number
}
