import { z } from 'zod'

import { forbidden } from '../graph/error.ts'
import { type Params, text } from '../graph/params.ts'
import { needPermission } from '../graph/permission.ts'
import { type Scope, type BoundEdge, type BoundNode, value } from './bound.ts'
import type { BusinessRow, World } from '../world/rows.ts'
import { type SubmissionRow, rejectionReasons, submissionStatuses } from '../world/submission.ts'
import { graphTime } from './time.ts'

/** Meta's Business SDK names the parameter; the guide's sample has it inside `fields`. Newest first, as printed there. */
export function submissionsOf({ caller }: Scope, world: World, business: BusinessRow): BoundEdge {
  if (caller.kind !== 'system' || caller.businessId !== business.id) {
    throw forbidden("Listing submissions needs the portfolio's system token")
  }
  needPermission(caller, 'business_management')
  return {
    path: `${business.id}/self_certified_whatsapp_business_submissions`,
    takes: ['end_business_id'],
    paged: true,
    keys: (params) => idsOf(world, business, params),
    row: (key) => {
      const row = world.submissions.get(key)
      return row && submissionNode(row)
    },
  }
}

function idsOf(world: World, business: BusinessRow, params: Params): string[] {
  const customer = text(params, 'end_business_id')
  const rows = [...world.submissions.values()].filter(
    (row) =>
      row.partnerBusinessId === business.id && (customer === undefined || row.clientBusinessId === customer),
  )
  return rows.toReversed().map((row) => row.id)
}

/** Rows under review or approved have no reasons (guide "Partner-led business verification"). */
function submissionNode(row: SubmissionRow): BoundNode {
  const reasons = row.reasons.length > 0 ? row.reasons : undefined
  return {
    type: 'WhatsAppBusinessPartnerClientVerificationSubmission',
    id: row.id,
    defaults: ['verification_status', 'rejection_reasons', 'submitted_time', 'update_time', ...more],
    fields: {
      id: value(z.string(), () => row.id),
      verification_status: value(z.enum(submissionStatuses), () => row.status),
      rejection_reasons: value(z.array(z.enum(rejectionReasons)).optional(), () => reasons),
      submitted_time: value(z.string(), () => graphTime(row.submittedAt)),
      update_time: value(z.string(), () => graphTime(row.updatedAt)),
      client_business_id: value(z.string(), () => row.clientBusinessId),
      submitted_info: value(z.record(z.string(), z.string()), () =>
        row.vertical === undefined ? {} : { business_vertical: row.vertical },
      ),
    },
  }
}
const more = ['client_business_id', 'submitted_info']
