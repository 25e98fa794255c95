import { z } from 'zod'

import { needBusinessToken } from '../graph/access.ts'
import { type Scope, type BoundNode, type Nodes, edge, node, value } from './bound.ts'
import { fundingOf } from '../world/credit.ts'
import type { WabaRow } from '../world/rows.ts'
import { assignedUsersOf } from './assigned-user.ts'
import { Health, wabaHealth } from './health.ts'
import { messagingLimit } from './messaging-limit.ts'
import { phoneOrder } from './phone-order.ts'
import { solutionsOfWaba } from './waba-solutions.ts'
import { subscribedAppsOf } from './subscribed-app.ts'

const OwnerInfo = z.strictObject({ name: z.string(), id: z.string() })
const ownership = ({ caller }: Scope, waba: WabaRow): string =>
  caller.kind === 'system' && caller.businessId === waba.ownerBusinessId ? 'SELF' : 'CLIENT_OWNED'

export const emptyFields = [
  'analytics',
  'auth_international_rate_eligibility',
  'linked_commerce_account',
  'marketing_messages_ad_account',
  'on_behalf_of_business_info',
  'purchase_order_number',
] as const

// The fields are those of Meta's Business SDK, which knows more of them than the reference page lists.
export function wabaNode(nodes: Nodes, waba: WabaRow): BoundNode {
  const owner = nodes.world.businesses.get(waba.ownerBusinessId)
  const {
    status = 'ACTIVE',
    reviewStatus = 'APPROVED',
    fields = {},
  } = nodes.world.standing.wabas.get(waba.id) ?? {}
  return {
    type: 'WhatsAppBusinessAccount',
    id: waba.id,
    defaults: ['name'],
    fields: {
      id: value(z.string(), () => waba.id),
      name: value(z.string(), () => waba.name),
      currency: value(z.string().length(3), () => waba.currency),
      country: value(z.string().length(2), () => waba.country),
      timezone_id: value(z.string(), () => waba.timezoneId),
      business_type: value(z.string(), () => 'ent'),
      message_template_namespace: value(z.string(), () => waba.namespace),
      account_review_status: value(z.string(), () => reviewStatus),
      business_verification_status: value(z.string(), () => owner?.verificationStatus),
      status: value(z.string(), () => status),
      creation_time: value(z.int(), () => waba.createdAt),
      is_enabled_for_insights: value(z.boolean(), () => true),
      is_shared_with_partners: value(z.boolean(), () => waba.sharedWith.length > 0),
      marketing_messages_onboarding_status: value(z.string(), () => 'ELIGIBLE'),
      marketing_messages_lite_api_status: value(z.string(), () => 'ELIGIBLE'),
      whatsapp_manager_marketing_messages_max_price_enroll_status: value(z.string(), () => 'OPT_OUT'),
      disable_marketing_messages_on_cloud_api: value(z.boolean(), () => false),
      template_auto_archival_enabled: value(z.boolean(), () => false),
      primary_business_location: value(z.string(), () => waba.country),
      whatsapp_business_manager_messaging_limit: value(z.string(), () =>
        messagingLimit(nodes.world, waba.ownerBusinessId),
      ),
      // Known, and empty: nothing here was ever sent, sold, ordered or made on behalf of somebody
      ...Object.fromEntries(
        emptyFields.map((name) => [name, value(z.json().optional(), () => fields[name])]),
      ),
      ownership_type: (scope) => value(z.string(), () => ownership(scope, waba))(),
      health_status: (scope) => value(Health, () => wabaHealth(scope, waba))(),
      owner_business: node(() => nodes.business(waba.ownerBusinessId)),
      owner_business_info: ({ caller }) => {
        needBusinessToken(caller, 'owner_business_info', waba)
        return value(OwnerInfo.optional(), () => owner && { name: owner.name, id: owner.id })()
      },
      primary_funding_id: ({ caller }) => {
        needBusinessToken(caller, 'primary_funding_id', waba)
        return value(z.string().optional(), () => fundingOf(nodes.world, waba.id))()
      },
      solutions: edge((scope) => solutionsOfWaba(scope, nodes, waba)),
      phone_numbers: edge(() => ({
        path: `${waba.id}/phone_numbers`,
        takes: ['sort'],
        paged: true,
        keys: (params) => phoneOrder(nodes.world, waba, params),
        row: nodes.phone,
      })),
      subscribed_apps: edge(() => subscribedAppsOf(nodes.world, waba)),
      assigned_users: edge(() => assignedUsersOf(nodes.world, waba)),
    },
  }
}
