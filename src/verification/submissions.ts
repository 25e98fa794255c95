import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { listSubmissions, type SubmissionNode } from '../graph/endpoints/verification.ts'

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
