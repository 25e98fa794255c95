import { z } from 'zod'

import { accountSeen } from '../graph/access.ts'
import type { Scope } from '../graph/scope.ts'
import type { JsonObject } from '../json.ts'
import { numberLife, verifications } from '../world/number.ts'
import { accountsOf } from '../world/number-accounts.ts'
import type { PhoneRow } from '../world/rows.ts'
import { type BoundNode, type Nodes, value } from './bound.ts'
import { graphTime } from './time.ts'

const WebhookConfiguration = z.strictObject({
  phone_number: z.string().optional(),
  whatsapp_business_account: z.string().optional(),
  application: z.string().optional(),
})

/** Meta's page "Override webhooks": number override, account override, the app's own callback. */
function callbacks({ sim, world, caller }: Scope, phone: PhoneRow): JsonObject {
  return {
    phone_number: numberLife(world, phone.id).overrides.get(caller.app.id),
    whatsapp_business_account:
      accountSeen(world, caller, phone.id)?.subscribed.get(caller.app.id) ?? undefined,
    application: sim.subscriptions.get(caller.app.id)?.callbackUrl,
  }
}

// Default fields as printed on Meta's page "Hosted Embedded Signup"
export function phoneNode({ world }: Nodes, phone: PhoneRow): BoundNode {
  return {
    type: 'WhatsAppBusinessPhoneNumber',
    id: phone.id,
    defaults: [
      'verified_name',
      'code_verification_status',
      'display_phone_number',
      'quality_rating',
      'platform_type',
      'throughput',
      'last_onboarded_time',
      'webhook_configuration',
    ],
    fields: {
      id: value(z.string(), () => phone.id),
      display_phone_number: value(z.string(), () => phone.displayNumber),
      verified_name: value(z.string(), () => phone.verifiedName),
      // A live number is CONNECTED (guide "Migrating customers off solutions"); the other word is a guess
      status: value(z.enum(['CONNECTED', 'PENDING']), () => (phone.registered ? 'CONNECTED' : 'PENDING')),
      quality_rating: value(z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']), () =>
        phone.registered ? 'GREEN' : 'UNKNOWN',
      ),
      code_verification_status: value(z.enum(verifications), () => numberLife(world, phone.id).verification),
      // Meta's OpenAPI file has this name beside platform_type
      host_platform: value(z.enum(['CLOUD_API', 'NOT_APPLICABLE']), () =>
        phone.registered ? 'CLOUD_API' : 'NOT_APPLICABLE',
      ),
      country_code: value(z.string(), () => accountsOf(world, phone.id)[0]?.country),
      account_mode: value(z.enum(['LIVE', 'SANDBOX']), () => 'LIVE'),
      platform_type: value(z.string(), () => (phone.registered ? 'CLOUD_API' : 'NOT_APPLICABLE')),
      // Page "Onboarding WhatsApp Business app users": with platform_type CLOUD_API the number is in use with the app as well
      is_on_biz_app: value(z.boolean(), () => numberLife(world, phone.id).bizApp !== undefined),
      is_official_business_account: value(z.boolean(), () => false),
      throughput: value(z.strictObject({ level: z.string() }), () => ({ level: 'STANDARD' })),
      last_onboarded_time: value(z.string(), () => graphTime(phone.onboardedAt)),
      webhook_configuration: (scope) => value(WebhookConfiguration, () => callbacks(scope, phone))(),
    },
  }
}
