import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { SubmissionNode } from '../graph/endpoints/verification.ts'
import { maxAttempts, submissionStatus } from './submissions.ts'

// Meta's guide "Partner-led business verification": three submissions per customer, then only the customer can.
/** Why no documents can be submitted for a customer of whom these attempts are known; null when they can. */
export function refuseSubmission(submissions: readonly SubmissionNode[]): Problem | null {
  const statuses = new Set(submissions.map(submissionStatus))
  if (statuses.has('PENDING')) return pending
  if (statuses.has('APPROVED')) return verified
  return submissions.length < maxAttempts ? null : usedUp
}

const help = 'verification'

const pending = gatewayProblem(
  'CONFLICT',
  'A submission for this business is under review: wait for its decision.',
  false,
  { waitsFor: 'META', help },
)

const verified = gatewayProblem('CONFLICT', 'This business is verified.', false, { waitsFor: null, help })

const usedUp = gatewayProblem(
  'NOT_PERMITTED',
  'All three attempts of this business are used: only the customer can verify it now, in Business Suite.',
  false,
  { waitsFor: 'CUSTOMER', help },
)
