import type { SolutionStatus } from './status.ts'

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
