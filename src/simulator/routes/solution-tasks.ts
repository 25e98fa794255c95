import type { Scope } from '../nodes/bound.ts'
import type { SolutionRow, WabaRow, World } from '../world/rows.ts'
import { partnersOf } from '../world/solution.ts'

/** What the solutions that onboarded the account gave the caller's app; undefined when it came through none of them. */
export function tasksThroughSolutions({ world, caller }: Scope, waba: WabaRow): string[] | undefined {
  const lists = waba.solutionIds.flatMap((id) => {
    const solution = world.solutions.get(id)
    const tasks = solution && tasksOf(world, solution, caller.app.id)
    return tasks === undefined ? [] : [tasks]
  })
  return lists.length === 0 ? undefined : lists.flat()
}

function tasksOf(world: World, solution: SolutionRow, appId: string): readonly string[] | undefined {
  if (solution.ownerAppId === appId) return solution.ownerTasks
  return partnersOf(world, solution).find((row) => row.appId === appId)?.tasks
}
