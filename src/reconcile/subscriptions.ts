import { z } from 'zod'
import type { NewEvent, StoredEvent } from '../events/event.ts'
import type { Fact, Knowledge, Reach } from './facts.ts'
import type { ReconcileFinding, SubscriptionFinding } from './findings.ts'
import type { AppSubscription } from '../graph/endpoints/subscriptions.ts'
import { alertFields, neededFields } from '../alerts/fields.ts'

const object = 'whatsapp_business_account'

/** What is wrong with the app's own subscription; null when it is complete. */
export function subscriptionFinding(
  appId: string,
  subscriptions: readonly AppSubscription[],
): SubscriptionFinding | null {
  const ours = oursIn(subscriptions)
  const missingFields = fieldsNotIn(neededFields, ours)
  const type = 'APP_NOT_SUBSCRIBED'
  if (!ours) return { type, appId, reason: 'NO_SUBSCRIPTION', missingFields }
  if (ours.active === false) return { type, appId, reason: 'INACTIVE', missingFields }
  return missingFields.length > 0 ? { type, appId, reason: 'FIELDS_MISSING', missingFields } : null
}

/** The fields known to the gateway for which Graph would send no webhook. */
export function silentFields(subscriptions: readonly AppSubscription[]): readonly string[] {
  const ours = oursIn(subscriptions)
  return fieldsNotIn([...neededFields, ...alertFields], ours?.active === false ? undefined : ours)
}

/** Missing alert fields are a recommendation: nothing fails without them, and people have to find out by themselves. */
export function alertsFinding(
  appId: string,
  subscriptions: readonly AppSubscription[],
): ReconcileFinding | null {
  const ours = oursIn(subscriptions)
  if (!ours || ours.active === false) return null
  const fields = fieldsNotIn(alertFields, ours)
  return fields.length > 0 ? { type: 'ALERTS_NOT_SUBSCRIBED', appId, fields } : null
}

const oursIn = (subscriptions: readonly AppSubscription[]): AppSubscription | undefined =>
  subscriptions.find((row) => row.object === object)

const fieldsNotIn = (names: readonly string[], ours: AppSubscription | undefined): readonly string[] =>
  names.filter((name) => !ours?.fields?.includes(name))

/** The state of the subscriptions that a run has found. */
export interface SubscriptionState {
  /** What is wrong with the app's own subscription, or null; undefined when it could not be read. */
  readonly app: SubscriptionFinding | null | undefined
  /** Accounts to which the app was found to be subscribed, and those to which it was not. */
  readonly having: readonly string[]
  readonly without: readonly string[]
}

export interface LookTimes {
  readonly at: number
  readonly receivedAt: number
}

const [lost, regained] = ['APP_NOT_SUBSCRIBED', 'APP_SUBSCRIBED']

/**
 * One event for each subscription whose state differs from the log. An account that never had a subscription has lost none.
 */
export function subscriptionEvents(
  known: Knowledge,
  { app, having, without }: SubscriptionState,
  times: LookTimes,
): readonly NewEvent[] {
  return [
    ...(app === undefined ? [] : appEvents(known, app, times)),
    ...without.flatMap((id) => accountEvents(known, id, 'LOST', times)),
    ...having.flatMap((id) => accountEvents(known, id, 'HELD', times)),
  ]
}

function appEvents(
  known: Knowledge,
  finding: SubscriptionFinding | null,
  times: LookTimes,
): readonly NewEvent[] {
  const last = known.subscription
  if ((last?.state ?? subscribedState) === stateOf(finding)) return []
  const payload = finding && { reason: finding.reason, missingFields: finding.missingFields }
  return [subscriptionEvent(known.appId, { last, isLost: finding !== null, wabaId: null, payload }, times)]
}

function accountEvents(
  known: Knowledge,
  wabaId: string,
  found: Reach,
  times: LookTimes,
): readonly NewEvent[] {
  const last = known.reach.get(wabaId)
  if (!last || last.state === found) return []
  return [subscriptionEvent(known.appId, { last, isLost: found === 'LOST', wabaId, payload: null }, times)]
}

interface SubscriptionChange {
  readonly last: Fact | null
  readonly isLost: boolean
  readonly wabaId: string | null
  readonly payload: object | null
}

/**
 * The key names the last event about the subscription, so every instance that finds the difference appends the same event.
 */
function subscriptionEvent(
  appId: string,
  { last, isLost, wabaId, payload }: SubscriptionChange,
  { at, receivedAt }: LookTimes,
): NewEvent {
  const event = isLost ? lost : regained
  return {
    appId,
    kind: wabaId === null ? 'OTHER' : 'CLIENT_WABA_UPDATED',
    source: 'RECONCILED',
    dedupeKey: `reconciled:${appId}:subscription:${wabaId ?? ''}:${last?.seq ?? 0}`,
    occurredAt: at,
    receivedAt,
    field: subscriptionField,
    event,
    solutionId: null,
    wabaId,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify({ event, ...payload }),
  }
}

const subscriptionField = 'reconcile_subscription'

export const tellsOfSubscription = (event: StoredEvent): boolean =>
  event.source === 'RECONCILED' && event.field === subscriptionField

export const reachIn = ({ event }: StoredEvent): Reach => (event === lost ? 'LOST' : 'HELD')

const findingShape = z.object({ reason: z.string(), missingFields: z.array(z.string()) })

/** The state of the app's own subscription in such an event. */
export function stateIn({ payload }: StoredEvent): string {
  return stateOf(findingShape.safeParse(JSON.parse(payload)).data ?? null)
}

const subscribedState = ''

function stateOf(
  finding: { readonly reason: string; readonly missingFields: readonly string[] } | null,
): string {
  return finding ? [finding.reason, ...finding.missingFields].join(' ') : subscribedState
}
