import type { AppSubscription } from '../graph/endpoints/subscriptions.ts'
import { alertFields, neededFields } from '../alerts/fields.ts'
import type { Finding, SubscriptionFinding } from './findings.ts'

const object = 'whatsapp_business_account'

/** Whether Graph would send the app's webhooks; null when all is well. */
export function judgeSubscription(
  appId: string,
  subscriptions: readonly AppSubscription[],
): SubscriptionFinding | null {
  const ours = oursIn(subscriptions)
  const missingFields = missing(neededFields, ours)
  const type = 'APP_NOT_SUBSCRIBED'
  if (!ours) return { type, appId, reason: 'NO_SUBSCRIPTION', missingFields }
  if (ours.active === false) return { type, appId, reason: 'INACTIVE', missingFields }
  return missingFields.length > 0 ? { type, appId, reason: 'FIELDS_MISSING', missingFields } : null
}

/** Of which fields that the gateway knows no webhook would come. */
export function silentFields(subscriptions: readonly AppSubscription[]): readonly string[] {
  const ours = oursIn(subscriptions)
  return missing([...neededFields, ...alertFields], ours?.active === false ? undefined : ours)
}

/** That alerts are not subscribed to keeps nothing from working, and leaves people to find out by themselves. */
export function judgeAlerts(appId: string, subscriptions: readonly AppSubscription[]): Finding | null {
  const ours = oursIn(subscriptions)
  if (!ours || ours.active === false) return null
  const fields = missing(alertFields, ours)
  return fields.length > 0 ? { type: 'ALERTS_NOT_SUBSCRIBED', appId, fields } : null
}

const oursIn = (subscriptions: readonly AppSubscription[]): AppSubscription | undefined =>
  subscriptions.find((row) => row.object === object)

const missing = (names: readonly string[], ours: AppSubscription | undefined): readonly string[] =>
  names.filter((name) => !ours?.fields?.includes(name))
