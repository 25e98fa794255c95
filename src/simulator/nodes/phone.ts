import { z } from 'zod'

import { accountSeen } from '../graph/access.ts'
import { type Scope, type BoundNode, type Nodes, absent, value } from './bound.ts'
import type { JsonObject } from '../json.ts'
import { numberLife } from '../world/number.ts'
import { verifications } from '../world/partner-side.ts'
import { accountsOf } from '../world/number-accounts.ts'
import type { PhoneRow, World } from '../world/rows.ts'
import { Health, numberHealth } from './health.ts'
import { messagingLimit } from './messaging-limit.ts'
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

function limitOf(world: World, phone: PhoneRow): string | undefined {
  const [waba] = accountsOf(world, phone.id)
  return waba && messagingLimit(world, waba.ownerBusinessId)
}

// Default fields as printed on Meta's page "Hosted Embedded Signup"
export function phoneNode({ world }: Nodes, phone: PhoneRow): BoundNode {
  const standing = world.standing.numbers.get(phone.id) ?? {}
  const live = phone.registered
  const platform = live ? 'CLOUD_API' : 'NOT_APPLICABLE'
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
      status: value(z.string(), () => standing.status ?? (live ? 'CONNECTED' : 'PENDING')),
      quality_rating: value(z.string(), () => standing.quality ?? (live ? 'GREEN' : 'UNKNOWN')),
      code_verification_status: value(z.enum(verifications), () => numberLife(world, phone.id).verification),
      // Meta's OpenAPI file has this name beside platform_type
      host_platform: value(z.enum(['CLOUD_API', 'NOT_APPLICABLE']), () => platform),
      country_code: value(z.string(), () => accountsOf(world, phone.id)[0]?.country),
      country_dial_code: value(z.string().optional(), () => /^\+(\d+)/.exec(phone.displayNumber)?.[1]),
      // A third party that asked v25.0 found this one taken; nobody has a user name here
      username: absent,
      account_mode: value(z.string(), () => standing.accountMode ?? 'LIVE'),
      platform_type: value(z.string(), () => platform),
      is_official_business_account: value(z.boolean(), () => standing.official ?? false),
      // Page "Onboarding WhatsApp Business app users": with platform_type CLOUD_API the number is in use with the app as well
      is_on_biz_app: value(z.boolean(), () => numberLife(world, phone.id).bizApp !== undefined),
      name_status: value(z.string(), () => standing.nameStatus ?? 'APPROVED'),
      new_display_name: value(z.string().optional(), () => standing.newDisplayName),
      new_name_status: value(z.string(), () => standing.newNameStatus ?? 'NONE'),
      throughput: value(z.strictObject({ level: z.string() }), () => ({
        level: standing.throughput ?? 'STANDARD',
      })),
      whatsapp_business_manager_messaging_limit: value(z.string().optional(), () => limitOf(world, phone)),
      health_status: (scope) => value(Health, () => numberHealth(scope, phone))(),
      last_onboarded_time: value(z.string(), () => graphTime(phone.onboardedAt)),
      webhook_configuration: (scope) => value(WebhookConfiguration, () => callbacks(scope, phone))(),
    },
  }
}
