/** One status from Graph's two fields. `UNKNOWN` keeps room for values that Meta has not documented. */
export const solutionStatuses = [
  'DRAFT',
  'INITIATED',
  'ACTIVE',
  'PENDING_DEACTIVATION',
  'REJECTED',
  'DEACTIVATED',
  'UNKNOWN',
] as const
export type SolutionStatus = (typeof solutionStatuses)[number]

// Both lists: Meta's reference page of GET /{application-id}/whatsapp_business_solutions. PENDING and
// PENDING_DEACTIVATION as a node's own `status` stand in other places of Meta's documents only.
const graphStatuses = [
  'DRAFT',
  'INITIATED',
  'ACTIVE',
  'REJECTED',
  'DEACTIVATED',
  'PENDING',
  'PENDING_DEACTIVATION',
] as const
const graphPendings = ['NONE', 'PENDING_ACTIVATION', 'PENDING_DEACTIVATION'] as const
type GraphStatus = (typeof graphStatuses)[number]
type GraphPending = (typeof graphPendings)[number]

const same = (status: SolutionStatus): Record<GraphPending, SolutionStatus> => ({
  NONE: status,
  PENDING_ACTIVATION: status,
  PENDING_DEACTIVATION: status,
})

const table: Record<GraphStatus, Record<GraphPending, SolutionStatus>> = {
  DRAFT: same('DRAFT'),
  INITIATED: same('INITIATED'),
  PENDING: same('INITIATED'),
  ACTIVE: { ...same('ACTIVE'), PENDING_DEACTIVATION: 'PENDING_DEACTIVATION' },
  PENDING_DEACTIVATION: same('PENDING_DEACTIVATION'),
  REJECTED: same('REJECTED'),
  DEACTIVATED: same('DEACTIVATED'),
}

/**
 * The status of a solution from `status` and `status_for_pending_request`.
 * A missing second field reads as NONE; a value that nobody has documented gives UNKNOWN.
 */
export function solutionStatus(
  status: string | null | undefined,
  pending: string | null | undefined,
): SolutionStatus {
  const known = graphStatuses.find((value) => value === status)
  const request = graphPendings.find((value) => value === (pending ?? 'NONE'))
  return known && request ? table[known][request] : 'UNKNOWN'
}

/** Customers can be onboarded while it is active, also while a deactivation waits for its answer. */
export function acceptsOnboarding(status: SolutionStatus): boolean {
  return status === 'ACTIVE' || status === 'PENDING_DEACTIVATION'
}

/** The status of a node read with `statusFields`. */
export function statusOf(node: {
  status?: string | null | undefined
  status_for_pending_request?: string | null | undefined
}): SolutionStatus {
  return solutionStatus(node.status, node.status_for_pending_request)
}
