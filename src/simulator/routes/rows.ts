import { accountSeen } from '../graph/access.ts'
import { notFound } from '../graph/error.ts'
import type { SolutionRow, WabaRow } from '../world/rows.ts'
import type { RouteCall } from './route.ts'

export function solutionOf({ scope, id }: RouteCall): SolutionRow {
  const solution = scope.world.solutions.get(id)
  if (solution === undefined) throw notFound(id)
  return solution
}

/** The account through which the caller has a number. */
export function accountOfPhone({ scope: { world, caller }, id }: RouteCall): WabaRow {
  const waba = accountSeen(world, caller, id)
  if (waba === undefined) throw notFound(id)
  return waba
}

export function wabaOf({ scope, id }: RouteCall): WabaRow {
  const waba = scope.world.wabas.get(id)
  if (waba === undefined) throw notFound(id)
  return waba
}
