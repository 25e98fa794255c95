import type { PhoneNumberNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'

/** What it takes to tell. */
export const coexistenceFields: FieldTree = ['is_on_biz_app', 'platform_type']

/**
 * Whether the customer goes on using the number in the WhatsApp Business app. Meta's guide "Onboarding WhatsApp Business app
 * users": `is_on_biz_app` is true and `platform_type` CLOUD_API. Null when Graph does not say.
 */
export function isCoexistence({
  is_on_biz_app: isOnBizApp,
  platform_type: platform,
}: Pick<Partial<PhoneNumberNode>, 'is_on_biz_app' | 'platform_type'>): boolean | null {
  if (isOnBizApp == null) return null
  if (!isOnBizApp) return false
  return platform == null ? null : platform === 'CLOUD_API'
}
