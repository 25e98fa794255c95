import { appsOf } from '../graph/access.ts'
import { refused } from '../graph/error.ts'
import { needPermission } from '../graph/permission.ts'
import { apply, roleOf, stateOf } from '../lifecycle/apply.ts'
import { decide } from '../lifecycle/decide.ts'
import type { LifecycleCall, Outcome } from '../lifecycle/rules.ts'
import type { Sim } from '../sim.ts'
import { tellSolution } from '../webhooks/events.ts'
import type { SolutionRow } from '../world/rows.ts'
import { replyTo } from './lifecycle-reply.ts'
import type { Route } from './route.ts'
import { solutionOf } from './rows.ts'

/** One of the five steps of a solution's life, by the table in ../lifecycle/rules.ts. */
export const step =
  (name: LifecycleCall): Route =>
  (call) => {
    const { sim, world, caller } = call.scope
    const before = solutionOf(call)
    const appId = appsOf(caller).find((id) => roleOf(world, before, id) !== undefined) ?? caller.app.id
    const role = roleOf(world, before, appId)
    if (role === undefined) throw refused(200, 'This app takes no part in the solution')
    // Guide "Embedded creation of Multi-Partner Solutions": the accepting system user has granted this
    if (name === 'accept' && world.embedded.has(before.id)) needPermission(caller, 'manage_app_solution')
    const decision = decide(name, stateOf(before), role)
    if (!decision.allowed) throw refused(decision.because === 'role' ? 200 : 100, decision.why)
    const after = apply(world, before, decision.outcome, appId)
    announce(sim, after, decision.outcome)
    return replyTo(name, call, after)
  }

/** Meta's page webhooks/reference/partner_solutions names the triggers; a declined deactivation is none of them. */
function announce(sim: Sim, solution: SolutionRow, outcome: Outcome): void {
  switch (outcome) {
    case 'PARTNER_ACCEPTS':
      if (solution.status === 'ACTIVE') tellSolution(sim, solution, 'SOLUTION_UPDATED', 'ACTIVE')
      return
    case 'REJECTED':
      return tellSolution(sim, solution, 'SOLUTION_UPDATED', 'REJECTED')
    case 'DEACTIVATION_ASKED':
      return tellSolution(sim, solution, 'SOLUTION_UPDATED', 'PENDING_DEACTIVATION')
    case 'DEACTIVATED':
      return tellSolution(sim, solution, 'SOLUTION_UPDATED', 'DEACTIVATED')
    case 'DEACTIVATION_DECLINED':
      if (sim.world.settings.declinedDeactivationWebhook) {
        tellSolution(sim, solution, 'SOLUTION_UPDATED', 'ACTIVE')
      }
  }
}
