import type { Scope } from '../graph/scope.ts'
import type { WabaRow } from '../world/rows.ts'
import { partnersOf } from '../world/solution.ts'

/** What the caller's app was given by the solutions that onboarded the account; undefined without a solution. */
export function tasksThroughSolutions({ world, caller }: Scope, waba: WabaRow): string[] | undefined {
  if (waba.solutionIds.length === 0) return undefined
  return waba.solutionIds.flatMap((id) => {
    const solution = world.solutions.get(id)
    if (solution === undefined) return []
    if (solution.ownerAppId === caller.app.id) return solution.ownerTasks
    return partnersOf(world, solution).find((row) => row.appId === caller.app.id)?.tasks ?? []
  })
}
