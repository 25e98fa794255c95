import { z } from 'zod'

import { needBusinessToken } from '../graph/access.ts'
import { type Scope, type BoundNode, type Nodes, absent, edge, value } from './bound.ts'
import type { BusinessRow } from '../world/rows.ts'
import { accountsOf } from './accounts.ts'
import { creditLinesOf } from './credit-line.ts'
import { messagingLimit } from './messaging-limit.ts'
import { submissionsOf } from './submission.ts'
import { systemUsersOf } from './system-user.ts'
import { graphTime } from './time.ts'

// Meta's Business SDK: the statuses of a Business node are in lower case
const Verification = z.enum([
  'expired',
  'failed',
  'ineligible',
  'not_verified',
  'pending',
  'pending_need_more_info',
  'pending_submission',
  'rejected',
  'revoked',
  'verified',
])

/** A portfolio's own system token reads its own status; a customer's takes the business token. */
function guardVerification({ caller }: Scope, business: BusinessRow): void {
  const own = caller.kind === 'system' && caller.businessId === business.id
  if (!own) needBusinessToken(caller, "a customer's verification_status")
}

/** The rest of what Meta's Business SDK knows of a portfolio; nobody changes one here, and nothing is paid or advertised. */
function restOf(business: BusinessRow): BoundNode['fields'] {
  const time = value(z.string(), () => graphTime(business.createdAt))
  return {
    block_offline_analytics: value(z.boolean(), () => false),
    collaborative_ads_managed_partner_business_info: absent,
    collaborative_ads_managed_partner_eligibility: absent,
    collaborative_ads_partner_premium_options: absent,
    created_by: absent,
    extended_updated_time: time,
    marketing_messages_onboarding_status: value(z.string(), () => 'ELIGIBLE'),
    payment_account_id: absent,
    primary_page: absent,
    profile_picture_uri: absent,
    updated_by: absent,
    updated_time: time,
    user_access_expire_time: absent,
    vertical_id: value(z.int(), () => 0),
  }
}

export function businessNode(nodes: Nodes, business: BusinessRow): BoundNode {
  return {
    type: 'Business',
    id: business.id,
    defaults: ['name'],
    fields: {
      ...restOf(business),
      id: value(z.string(), () => business.id),
      name: value(z.string(), () => business.name),
      link: value(z.url(), () => `https://www.facebook.com/${business.id}`),
      created_time: value(z.string(), () => graphTime(business.createdAt)),
      timezone_id: value(z.number(), () => 0),
      two_factor_type: value(z.enum(['none', 'admin_required', 'all_required']), () => 'none'),
      is_hidden: value(z.boolean(), () => false),
      vertical: value(z.string(), () => 'OTHER'),
      verification_status: (scope) => {
        guardVerification(scope, business)
        return value(Verification, () => business.verificationStatus)()
      },
      whatsapp_business_manager_messaging_limit: value(z.string(), () =>
        messagingLimit(nodes.world, business.id),
      ),
      client_whatsapp_business_accounts: edge((scope) => accountsOf(scope, nodes, business, 'client')),
      owned_whatsapp_business_accounts: edge((scope) => accountsOf(scope, nodes, business, 'owned')),
      self_certified_whatsapp_business_submissions: edge((scope) =>
        submissionsOf(scope, nodes.world, business),
      ),
      extendedcredits: edge((scope) => creditLinesOf(scope, nodes, business)),
      system_users: edge((scope) => systemUsersOf(scope, nodes, business)),
    },
  }
}
