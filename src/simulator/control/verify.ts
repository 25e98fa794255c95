import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellCertification } from '../webhooks/partner-events.ts'
import {
  type RejectionReason,
  type SubmissionRow,
  type SubmissionStatus,
  rejectionReasons,
  submissionStatuses,
} from '../world/submission.ts'
import { ControlError } from './error.ts'

export const Verify = z.strictObject({
  business_id: z.string(),
  status: z.enum(submissionStatuses),
  rejection_reasons: z.array(z.enum(rejectionReasons)).default([]),
})

// Which of the Business node's statuses goes with which is nowhere said
const business: Record<SubmissionStatus, string> = {
  PENDING: 'pending',
  APPROVED: 'verified',
  FAILED: 'failed',
  DISCARDED: 'not_verified',
  REVOKED: 'revoked',
}

/** Plays the review of what a partner submitted last for a customer. */
export function verify(sim: Sim, input: z.output<typeof Verify>): JsonObject {
  const last = [...sim.world.submissions.values()].findLast(
    (row) => row.clientBusinessId === input.business_id,
  )
  if (last === undefined) throw new ControlError(409, `Nothing was submitted for ${input.business_id}`)
  const row = decide(sim, last, input.status, input.rejection_reasons)
  const appIds = tellCertification(sim, row)
  return { submission_id: row.id, status: row.status, webhooks: appIds }
}

function decide(
  { world, clock }: Sim,
  before: SubmissionRow,
  status: SubmissionStatus,
  given: readonly RejectionReason[],
): SubmissionRow {
  const real = given.filter((reason) => reason !== 'NONE')
  if (real.length > 0 && status !== 'FAILED') throw new ControlError(400, 'Only FAILED has rejection_reasons')
  const row = { ...before, status, reasons: real, updatedAt: seconds(clock.now()) }
  world.submissions.set(row.id, row)
  const customer = world.businesses.get(row.clientBusinessId)
  if (customer) world.businesses.set(customer.id, { ...customer, verificationStatus: business[status] })
  return row
}
