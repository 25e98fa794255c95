import type { StoredEvent } from '../../events/event.ts'
import { isDeparture, lastArrivalIn } from '../../accounts/arrival.ts'
import { readAudit } from '../../writes/audit.ts'
import type { StepKind } from './step.ts'

type Undoes = (event: StoredEvent) => boolean

const wrote =
  (verb: string): Undoes =>
  ({ source, field, payload }) =>
    source === 'GATEWAY' && field === verb && readAudit(payload)?.outcome === 'DONE'

const isKind =
  (kind: StoredEvent['kind']): Undoes =>
  (event) =>
    event.kind === kind

/** What the comparison with Graph tells when an account's webhooks no longer reach the app. */
const lostSubscription: Undoes = ({ source, field, event }) =>
  source === 'RECONCILED' && field === 'reconcile_subscription' && event === 'APP_NOT_SUBSCRIBED'

/** What takes a step away that was done. */
const undoing: Readonly<Record<StepKind, readonly Undoes[]>> = {
  SHARED_WITH_PARTNER: [isDeparture],
  BUSINESS_TOKEN: [isKind('CLIENT_WABA_APP_UNINSTALLED')],
  WEBHOOKS_SUBSCRIBED: [wrote('unsubscribe_app'), lostSubscription],
  CREDIT_SHARED: [isKind('CREDIT_REVOKED')],
  PHONE_NUMBER_REGISTERED: [wrote('deregister_phone_number'), isKind('PHONE_NUMBER_DISCONNECTED')],
}

/**
 * Since when a step that is not done has been open: since the event that took it away, else since the customer arrived.
 * Null when the log, oldest first, tells of neither.
 */
export function openSince(kind: StepKind, events: readonly StoredEvent[]): number | null {
  const arrival = lastArrivalIn(events)
  const last = events.findLast((event) => event === arrival || undoing[kind].some((undoes) => undoes(event)))
  return last?.occurredAt ?? null
}
