import { describe, expect, it } from 'vitest'
import {
  refusal,
  solutionActions,
  type Role,
  type SolutionAction,
  solutionStatuses,
  type SolutionStatus,
} from '../../src/solutions/lifecycle.ts'

const roles: Role[] = ['OWNER', 'PARTNER']

/** Everything that is allowed in a documented state. */
const allowed: [SolutionAction, SolutionStatus, Role][] = [
  ['ACCEPT', 'INITIATED', 'PARTNER'],
  ['REJECT', 'INITIATED', 'PARTNER'],
  ['REQUEST_DEACTIVATION', 'ACTIVE', 'OWNER'],
  ['ACCEPT_DEACTIVATION', 'PENDING_DEACTIVATION', 'OWNER'],
  ['ACCEPT_DEACTIVATION', 'PENDING_DEACTIVATION', 'PARTNER'],
  ['REJECT_DEACTIVATION', 'PENDING_DEACTIVATION', 'OWNER'],
  ['REJECT_DEACTIVATION', 'PENDING_DEACTIVATION', 'PARTNER'],
]

const cells = solutionActions.flatMap((action) =>
  solutionStatuses.flatMap((status) => roles.map((role) => [action, status, role] as const)),
)

describe('who may do what', () => {
  it('is exactly what Meta documents, in every state that Meta documents', () => {
    const known = cells.filter(([, status]) => status !== 'UNKNOWN')
    expect(known.filter((cell) => refusal(...cell) === null)).toEqual(allowed)
  })

  it('says why not, with the state or the side that is needed', () => {
    expect(refusal('ACCEPT', 'ACTIVE', 'PARTNER')).toEqual({
      why: 'STATE',
      reason: 'It needs an invitation that has not been answered; the solution is ACTIVE.',
    })
    expect(refusal('ACCEPT', 'INITIATED', 'OWNER')).toMatchObject({ why: 'ROLE' })
    expect(refusal('REQUEST_DEACTIVATION', 'ACTIVE', 'PARTNER')).toMatchObject({ why: 'ROLE' })
  })

  it('speaks of the state first: nobody should look for another app when nobody can act', () => {
    expect(refusal('ACCEPT', 'DEACTIVATED', 'OWNER')?.why).toBe('STATE')
  })

  it('leaves a state that nobody knows to Graph, but for the side', () => {
    const unknown = cells
      .filter(([, status]) => status === 'UNKNOWN')
      .map((cell) => refusal(...cell)?.why ?? null)
    expect(new Set(unknown)).toEqual(new Set([null, 'ROLE']))
  })
})
