/** What an event is about. Closed here: a webhook without a kind of its own is `OTHER`. */
export const eventKinds = [
  'SOLUTION_CREATED',
  'SOLUTION_UPDATED',
  'CLIENT_WABA_ONBOARDED',
  'CLIENT_WABA_APP_INSTALLED',
  'CLIENT_WABA_APP_UNINSTALLED',
  'CLIENT_WABA_REMOVED',
  'CLIENT_WABA_UPDATED',
  'PHONE_NUMBER_DISCONNECTED',
  'PHONE_NUMBER_RECONNECTED',
  'BUSINESS_VERIFICATION_UPDATED',
  'ACCOUNT_ALERT',
  'SIGNUP_SESSION',
  'CREDIT_SHARED',
  'CREDIT_REVOKED',
  'OTHER',
] as const
export type EventKind = (typeof eventKinds)[number]

/**
 * Each tells that a customer has come: PARTNER_ADDED, PARTNER_APP_INSTALLED, and what stands for the first of them when no
 * webhook did, an account that the comparison with Graph has found or the destination of a migration. What else may come in
 * their place, `accounts/arrival.ts` says.
 */
export const arrivalKinds = ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'] as const

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
