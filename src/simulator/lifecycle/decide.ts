import { type LifecycleCall, type Outcome, type Role, type State, rules } from './rules.ts'

export type Decision =
  | { readonly allowed: true; readonly outcome: Outcome }
  | { readonly allowed: false; readonly because: 'role' | 'state'; readonly why: string }

const side = (role: Role): 'owner' | 'partner' => (role === 'owner' ? 'owner' : 'partner')

const says: Record<LifecycleCall, string> = {
  accept: 'accept this solution',
  reject: 'reject this solution',
  send_deactivation_request: 'ask for the deactivation of this solution',
  accept_deactivation_request: 'accept the deactivation of this solution',
  reject_deactivation_request: 'decline the deactivation of this solution',
}

/** The wrong side is told so before the wrong moment: it could not do this in any state. */
export function decide(call: LifecycleCall, state: State, role: Role): Decision {
  const candidates = rules.filter((rule) => rule.call === call)
  const rightSide = candidates.filter((rule) => rule.by.some((by) => side(by) === side(role)))
  if (rightSide.length === 0) {
    return { allowed: false, because: 'role', why: `The ${side(role)} cannot ${says[call]}` }
  }
  const match = rightSide.find((rule) => rule.state === state && rule.by.includes(role))
  if (match !== undefined) return { allowed: true, outcome: match.outcome }
  return { allowed: false, because: 'state', why: `The ${role} cannot ${says[call]} while it is ${state}` }
}
