import type { EventKind } from './kinds.ts'

/** WEBHOOK: sent by Meta. RECONCILED: found by comparing with Graph. GATEWAY: an action taken through this gateway. */
export const eventSources = ['WEBHOOK', 'RECONCILED', 'GATEWAY'] as const
export type EventSource = (typeof eventSources)[number]

export interface NewEvent {
  /** The app that the event belongs to: the webhook's receiver, or a partner of the solution acted on. */
  readonly appId: string
  readonly kind: EventKind
  readonly source: EventSource
  /** Two events with one key are the same event: the second is not stored. */
  readonly dedupeKey: string
  /** Meta's own time, milliseconds since 1970. */
  readonly occurredAt: number
  readonly receivedAt: number
  /** The webhook field, e.g. `account_update`; for GATEWAY events the verb, e.g. `accept_solution`. */
  readonly field: string
  /** Meta's own event name inside the field, e.g. `PARTNER_ADDED`; of an alert its code, e.g. `REJECTED`. */
  readonly event: string | null
  readonly solutionId: string | null
  readonly wabaId: string | null
  readonly ownerBusinessId: string | null
  /** The status that a webhook spoke of; a hint, never the solution's status. */
  readonly reportedStatus: string | null
  /** What may be kept of the change's value, as JSON text with every digit. */
  readonly payload: string
}

export interface StoredEvent extends NewEvent {
  /** Position in the log, from 1, always growing; a number may be left out. */
  readonly seq: number
}
