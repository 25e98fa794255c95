import { z } from 'zod'

import { forbidden, invalid, refused } from '../graph/error.ts'
import { requiredId } from '../graph/params.ts'
import { needCustomerToken } from '../graph/customer-token.ts'
import { checked } from '../graph/shape.ts'
import { put } from '../world/create.ts'
import type { IntentRow } from '../world/intent.ts'
import type { SolutionRow, WabaRow, World } from '../world/rows.ts'
import { appIdsOf } from '../world/solution.ts'
import type { Route, RouteCall } from './route.ts'
import { wabaOf } from './rows.ts'

const Created = z.strictObject({ id: z.string().regex(/^\d+$/) })

/**
 * As Meta's migration guides and SDK have it: `solution_id` to add the account to a solution or to move it to another,
 * `app_id` to take it off. (The OpenAPI file describes another body and reply, which nothing else supports.)
 */
export const setMigrationIntent: Route = (call) => {
  const waba = wabaOf(call)
  const { world, sim, caller } = call.scope
  needCustomerToken(caller, waba)
  const target = targetOf(call, waba)
  if (openIntent(world, waba)) throw refused(100, 'The account has an open migration intent already')
  const row = put(world, 'intent', world.intents, {
    id: world.nextId('intent'),
    status: 'INITIATED',
    wabaId: waba.id,
    appId: caller.app.id,
    createdAt: sim.clock.now(),
    ...target,
  })
  return checked('MigrationIntent', Created, { id: row.id })
}

const openIntent = (world: World, waba: WabaRow): boolean =>
  [...world.intents.values()].some((row) => row.wabaId === waba.id && row.status === 'INITIATED')

function targetOf(call: RouteCall, waba: WabaRow): Pick<IntentRow, 'flow' | 'solutionId'> {
  const { params } = call
  if (params.has('solution_id') === params.has('app_id'))
    throw invalid('Give solution_id or app_id, not both')
  const [current] = activeSolutions(call.scope.world, waba)
  if (params.has('app_id')) return leave(call, current)
  const solution = destinationOf(call)
  if (current?.id === solution.id) throw refused(100, 'The account is in this solution already')
  return { flow: current === undefined ? 'add' : 'move', solutionId: solution.id }
}

const activeSolutions = (world: World, waba: WabaRow): SolutionRow[] =>
  waba.solutionIds
    .flatMap((id) => world.solutions.get(id) ?? [])
    .filter((solution) => solution.status === 'ACTIVE')

/** The destination is active, and an app of the caller's portfolio takes part in it. */
function destinationOf({ scope: { world, caller }, params }: RouteCall): SolutionRow {
  const solution = world.solutions.get(requiredId(params, 'solution_id'))
  const portfolio = (appId: string) => world.apps.get(appId)?.businessId
  const parties = solution === undefined ? [] : appIdsOf(world, solution)
  if (solution === undefined || !parties.some((id) => portfolio(id) === caller.app.businessId)) {
    throw invalid('Param solution_id must be a solution that this business takes part in')
  }
  if (solution.status !== 'ACTIVE') throw refused(100, 'The destination solution must be ACTIVE')
  return solution
}

/** Guides "Migrating customers off solutions": your own app, and an account that is in a solution. */
function leave(
  { scope: { world, caller }, params }: RouteCall,
  current: SolutionRow | undefined,
): { flow: 'leave' } {
  const app = world.apps.get(requiredId(params, 'app_id'))
  if (app?.businessId !== caller.app.businessId) throw forbidden('Param app_id must be an app of your own')
  if (current === undefined) throw refused(100, 'The account is in no active solution')
  return { flow: 'leave' }
}
