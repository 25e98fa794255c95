import type { SolutionNode } from '../graph/nodes.ts'

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

export const solutionActions = [
  'ACCEPT',
  'REJECT',
  'REQUEST_DEACTIVATION',
  'ACCEPT_DEACTIVATION',
  'REJECT_DEACTIVATION',
] as const
export type SolutionAction = (typeof solutionActions)[number]

export type Role = 'OWNER' | 'PARTNER'

/** Why an action cannot be taken: a person of the other side could (ROLE), or nobody can now (STATE). */
export type Refusal = { readonly why: 'ROLE' | 'STATE'; readonly reason: string }

interface Rule {
  readonly from: SolutionStatus
  /** Null: Meta's documents disagree on who may act, so Graph decides. */
  readonly by: Role | null
  readonly needs: string
}

// Meta, "Multi-Partner Solutions": the invited partner accepts or rejects a request, the owner asks for
// deactivation. For the answer to a deactivation request the guide's text names the owner, its story the
// other side; neither is shut out here.
const rules: Record<SolutionAction, Rule> = {
  ACCEPT: { from: 'INITIATED', by: 'PARTNER', needs: 'an invitation that has not been answered' },
  REJECT: { from: 'INITIATED', by: 'PARTNER', needs: 'an invitation that has not been answered' },
  REQUEST_DEACTIVATION: { from: 'ACTIVE', by: 'OWNER', needs: 'an active solution' },
  ACCEPT_DEACTIVATION: { from: 'PENDING_DEACTIVATION', by: null, needs: 'a pending deactivation request' },
  REJECT_DEACTIVATION: { from: 'PENDING_DEACTIVATION', by: null, needs: 'a pending deactivation request' },
}

/** Null when `role` may take the action now. A status nobody knows is left to Graph. */
export function refusal(action: SolutionAction, status: SolutionStatus, role: Role): Refusal | null {
  const { from, by, needs } = rules[action]
  if (status !== 'UNKNOWN' && status !== from)
    return { why: 'STATE', reason: `It needs ${needs}; the solution is ${status}.` }
  if (by !== null && by !== role) return { why: 'ROLE', reason: roleReason(by) }
  return null
}

function roleReason(by: Role): string {
  return by === 'OWNER'
    ? 'Only the app that owns the solution can do this.'
    : 'Only the invited partner can do this; this app owns the solution.'
}

/** The part that an app has in a solution, or null. Needs `owner_app` and `partners`. */
export function roleOf(appId: string, solution: Partial<SolutionNode>): Role | null {
  if (solution.owner_app?.id === appId) return 'OWNER'
  return solution.partners?.data.some((partner) => partner.partner_app?.id === appId) ? 'PARTNER' : null
}
