import { z } from 'zod'

import { appsOf } from '../graph/access.ts'
import { forbidden, invalid } from '../graph/error.ts'
import { type Params, requiredId, requiredText, textList } from '../graph/params.ts'
import { needPermission } from '../graph/permission.ts'
import { checked } from '../graph/shape.ts'
import { tellSolution } from '../webhooks/events.ts'
import { addSolution } from '../world/solution.ts'
import type { Route, RouteCall } from './route.ts'

const Created = z.strictObject({ solution_id: z.string().regex(/^\d+$/) })

// Meta's Business SDK, parameters of whatsapp_business_solution
const settable = new Set([
  'DEVELOP',
  'MANAGE',
  'MANAGE_EXTENSIONS',
  'MANAGE_PHONE',
  'MANAGE_PHONE_ASSETS',
  'MANAGE_TEMPLATES',
  'MESSAGING',
  'VIEW_COST',
  'VIEW_PHONE_ASSETS',
  'VIEW_TEMPLATES',
])

/** Meta's reference "Solution Creation API". Nothing is deduplicated: there is no client token. */
export const createSolution: Route = (call) => {
  guard(call)
  const { sim, world, caller } = call.scope
  const ownerTasks = permissions(call.params, 'owner_permissions')
  const partnerTasks = permissions(call.params, 'partner_permissions')
  const solution = addSolution(world, {
    name: nameOf(call.params),
    ownerAppId: call.id,
    ownerTasks,
    partners: [{ appId: partnerOf(call), tasks: onlyOneMessages(ownerTasks, partnerTasks) }],
    status: 'INITIATED',
    pending: 'PENDING_ACTIVATION',
    partnerStatus: 'NOTIFICATION_SENT',
  })
  if (caller.kind === 'user') world.embedded.add(solution.id)
  tellSolution(sim, solution, 'SOLUTION_CREATED', 'INITIATED')
  return checked('SolutionCreated', Created, { solution_id: solution.id })
}

function guard({ scope: { caller }, id }: RouteCall): void {
  if (!appsOf(caller).includes(id)) throw forbidden('The app in the path is not the app of this token')
  if (caller.kind === 'user') needPermission(caller, 'manage_app_solution')
  if (caller.kind !== 'system' && caller.kind !== 'user') {
    throw forbidden("Creating a solution needs a token of the app's own portfolio")
  }
}

function nameOf(params: Params): string {
  const name = requiredText(params, 'solution_name')
  if (name.length < 2 || name.length > 75)
    throw invalid('Param solution_name must be 2 to 75 characters long')
  return name
}

function partnerOf({ scope, id, params }: RouteCall): string {
  const partner = requiredId(params, 'partner_app_id')
  if (!scope.world.apps.has(partner) || partner === id) {
    throw invalid('Param partner_app_id must be another app that can be partnered with')
  }
  return partner
}

function permissions(params: Params, name: string): readonly string[] {
  const tasks = textList(params, name)
  const odd = tasks.find((task) => !settable.has(task))
  if (odd !== undefined) throw invalid(`Param ${name} must not contain ${odd}`)
  return tasks
}

/** Exactly one side gets MESSAGING. (The guide on embedded creation shows both; the reference refuses that.) */
function onlyOneMessages(owner: readonly string[], partner: readonly string[]): readonly string[] {
  if (owner.includes('MESSAGING') === partner.includes('MESSAGING')) {
    throw invalid('Invalid Permissions: exactly one of owner and partner must have MESSAGING')
  }
  return partner
}
