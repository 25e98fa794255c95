import type { AppSubscription } from '../graph/endpoints/subscriptions.ts'
import type { SubscriptionFinding } from './findings.ts'

const object = 'whatsapp_business_account'
const needed = ['account_update', 'partner_solutions'] as const

/** Whether Graph would send the app's webhooks; null when all is well. */
export function judgeSubscription(
  appId: string,
  subscriptions: readonly AppSubscription[],
): SubscriptionFinding | null {
  const ours = subscriptions.find((row) => row.object === object)
  const missingFields = needed.filter((name) => !ours?.fields?.includes(name))
  const type = 'APP_NOT_SUBSCRIBED'
  if (!ours) return { type, appId, reason: 'NO_SUBSCRIPTION', missingFields }
  if (ours.active === false) return { type, appId, reason: 'INACTIVE', missingFields }
  return missingFields.length > 0 ? { type, appId, reason: 'FIELDS_MISSING', missingFields } : null
}

/** Of which fields no webhook would come. */
export function silentFields(finding: SubscriptionFinding | null): readonly string[] {
  return finding?.reason === 'INACTIVE' ? needed : (finding?.missingFields ?? [])
}
