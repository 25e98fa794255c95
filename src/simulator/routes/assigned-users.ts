import { forbidden, invalid, refused } from '../graph/error.ts'
import { requiredId, textList } from '../graph/params.ts'
import type { WabaRow } from '../world/rows.ts'
import type { Route, RouteCall } from './route.ts'
import { wabaOf } from './rows.ts'
import { tasksThroughSolutions } from './solution-tasks.ts'
import { success } from './success.ts'

// Guides "Multi-Partner Solutions" and "Manage system users": what is left without MESSAGING on the solution
const granular = [
  'DEVELOP',
  'MANAGE_TEMPLATES',
  'MANAGE_PHONE',
  'VIEW_COST',
  'MANAGE_EXTENSIONS',
  'VIEW_PHONE_ASSETS',
  'MANAGE_PHONE_ASSETS',
  'VIEW_TEMPLATES',
  'VIEW_INSIGHTS',
  'MANAGE_USERS',
  'MANAGE_BILLING',
]
// The last two stand in Meta's OpenAPI file only
const tasksKnown = [...granular, 'MANAGE', 'MESSAGING', 'FULL_CONTROL', 'RECEIVE_INCOMING_MESSAGES']
const mostTasks = 16

function userOf({ scope: { world, caller }, params }: RouteCall): string {
  if (caller.kind !== 'system' || world.users.get(caller.app.systemUserId)?.role !== 'ADMIN') {
    throw forbidden('This call needs the token of an admin system user')
  }
  const user = requiredId(params, 'user')
  if (world.users.get(user)?.businessId !== caller.businessId) {
    throw invalid('Param user must be a system user of your own portfolio')
  }
  return user
}

function tasksOf(call: RouteCall, waba: WabaRow): readonly string[] {
  const tasks = textList(call.params, 'tasks')
  const odd = tasks.find((task) => !tasksKnown.includes(task))
  if (odd !== undefined || tasks.length === 0 || tasks.length > mostTasks) {
    throw invalid(`Param tasks must be 1 to ${mostTasks} of {${tasksKnown.join(', ')}}`)
  }
  const granted = tasksThroughSolutions(call.scope, waba)
  const tooMuch = tasks.find((task) => !granular.includes(task))
  if (granted !== undefined && !granted.includes('MESSAGING') && tooMuch !== undefined) {
    throw refused(
      100,
      `${tooMuch} cannot be assigned: the solution did not give MESSAGING to this partner. ` +
        `Choose from {${granular.join(', ')}}`,
    )
  }
  return [...new Set(tasks)]
}

export const assignUser: Route = (call) => {
  const waba = wabaOf(call)
  const [user, tasks] = [userOf(call), tasksOf(call, waba)]
  // Only Meta's OpenAPI file says that a second time is refused
  if (call.scope.world.settings.assignedAgain === 'refuse' && waba.assigned.has(user)) {
    throw invalid('The user is already assigned to this account')
  }
  waba.assigned.set(user, tasks)
  return success()
}

export const unassignUser: Route = (call) => {
  wabaOf(call).assigned.delete(userOf(call))
  return success()
}
