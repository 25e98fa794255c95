import type { SolutionNode } from '../graph/nodes.ts'
import type { Role } from './lifecycle.ts'

/** The part that an app has in a solution, or null. Needs `owner_app` and `partners`. */
export function roleOf(appId: string, solution: Partial<SolutionNode>): Role | null {
  if (solution.owner_app?.id === appId) return 'OWNER'
  return solution.partners?.data.some((partner) => partner.partner_app?.id === appId) ? 'PARTNER' : null
}
