import type { Scope, BoundEdge, Nodes } from './bound.ts'
import type { WabaRow } from '../world/rows.ts'
import { appIdsOf } from '../world/solution.ts'

/** Solutions that onboarded the account, as far as the calling app takes part in them. */
export function solutionsOfWaba({ caller }: Scope, nodes: Nodes, waba: WabaRow): BoundEdge {
  const takesPart = (id: string): boolean => {
    const solution = nodes.world.solutions.get(id)
    return solution !== undefined && appIdsOf(nodes.world, solution).includes(caller.app.id)
  }
  return {
    path: `${waba.id}/solutions`,
    takes: [],
    defaults: ['name', 'status', 'status_for_pending_request'],
    paged: true,
    keys: () => waba.solutionIds.filter(takesPart),
    row: nodes.solution,
  }
}
