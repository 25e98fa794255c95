import type { PartnerStatus, SolutionRow, World } from '../world/rows.ts'
import { partnersOf } from '../world/solution.ts'
import type { Outcome, Role, State } from './rules.ts'

export const stateOf = (solution: SolutionRow): State => `${solution.status}/${solution.pending}`

export function roleOf(world: World, solution: SolutionRow, appId: string): Role | undefined {
  if (solution.ownerAppId === appId) return 'owner'
  const partner = partnersOf(world, solution).find((row) => row.appId === appId)
  return partner && `partner ${partner.status}`
}

function setPartners(world: World, solution: SolutionRow, status: PartnerStatus, appId?: string): void {
  for (const row of partnersOf(world, solution)) {
    if (appId === undefined || row.appId === appId) world.partners.set(row.id, { ...row, status })
  }
}

/** Carries one outcome out and returns the solution as it is then. */
export function apply(world: World, solution: SolutionRow, outcome: Outcome, appId: string): SolutionRow {
  const next = { ...solution, ...change(world, solution, outcome, appId) }
  world.solutions.set(next.id, next)
  return next
}

function change(
  world: World,
  solution: SolutionRow,
  outcome: Outcome,
  appId: string,
): Partial<Pick<SolutionRow, 'status' | 'pending'>> {
  switch (outcome) {
    case 'PARTNER_ACCEPTS': {
      setPartners(world, solution, 'ACCEPTED', appId)
      const all = partnersOf(world, solution).every((row) => row.status === 'ACCEPTED')
      return all ? { status: 'ACTIVE', pending: 'NONE' } : {}
    }
    case 'REJECTED':
      setPartners(world, solution, 'REJECTED', appId)
      return { status: 'REJECTED', pending: 'NONE' }
    case 'DEACTIVATION_ASKED':
      return { pending: 'PENDING_DEACTIVATION' }
    case 'DEACTIVATED':
      setPartners(world, solution, 'DEACTIVATED')
      return { status: 'DEACTIVATED', pending: 'NONE' }
    case 'DEACTIVATION_DECLINED':
      return { pending: 'NONE' }
  }
}
