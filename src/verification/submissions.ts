import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { listSubmissions, type SubmissionNode } from '../graph/endpoints/verification.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'

// Meta's SDK; the list is open on Graph's side.
const known = ['PENDING', 'APPROVED', 'FAILED', 'DISCARDED', 'REVOKED'] as const
export const submissionStatuses = [...known, 'UNKNOWN'] as const
export type SubmissionStatus = (typeof submissionStatuses)[number]

export function submissionStatus({ verification_status }: SubmissionNode): SubmissionStatus {
  return known.find((status) => status === verification_status) ?? 'UNKNOWN'
}

/** Attempts that a customer has in all, with whichever partner: Meta's guide "Partner-led business verification". */
export const maxAttempts = 3

/** Every attempt of this partner's to have the customer verified, in Graph's order. */
export async function readSubmissions(
  ctx: Ctx,
  app: AppConfig,
  customerBusinessId: string,
): Promise<readonly SubmissionNode[]> {
  // At most three of them can be: one page.
  const call = listSubmissions(app.businessId, customerBusinessId)
  return (await ctx.reads.call(call, { app })).data
}

// Meta's guide "Partner-led business verification": three submissions per customer, then only the customer can.
/** Why no documents can be submitted for a customer of whom these attempts are known; null when they can. */
export function refuseSubmission(submissions: readonly SubmissionNode[]): Problem | null {
  const statuses = new Set(submissions.map(submissionStatus))
  if (statuses.has('PENDING')) return pending
  if (statuses.has('APPROVED')) return verified
  return submissions.length < maxAttempts ? null : attemptsUsedUp
}

const help = 'verification'

const pending = gatewayProblem(
  'CONFLICT',
  'A submission for this business is under review: wait for its decision.',
  false,
  { waitsFor: 'META', help },
)

const verified = gatewayProblem('CONFLICT', 'This business is verified.', false, { waitsFor: null, help })

const attemptsUsedUp = gatewayProblem(
  'NOT_PERMITTED',
  'All three attempts of this business are used: only the customer can verify it now, in Business Suite.',
  false,
  { waitsFor: 'CUSTOMER', help },
)
