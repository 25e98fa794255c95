import { forbidden, invalid } from '../graph/error.ts'
import { requiredId, textList } from '../graph/params.ts'
import type { WabaRow } from '../world/rows.ts'
import type { Route, RouteCall } from './route.ts'
import { tasksThroughSolutions } from './solution-tasks.ts'
import { wabaOf } from './rows.ts'
import { success } from './success.ts'

// Guide "Manage system users" and Meta's Business SDK
const tasksKnown = new Set([
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
  'VIEW_INSIGHTS',
  'MANAGE_USERS',
  'MANAGE_BILLING',
  'FULL_CONTROL',
  'RECEIVE_INCOMING_MESSAGES',
])

function userOf({ scope: { world, caller }, params }: RouteCall): string {
  if (caller.kind !== 'system') throw forbidden('This call needs the token of an admin system user')
  const user = requiredId(params, 'user')
  if (world.users.get(user)?.businessId !== caller.businessId) {
    throw invalid('Param user must be a system user of your own portfolio')
  }
  return user
}

function tasksOf(call: RouteCall, waba: WabaRow): readonly string[] {
  const tasks = textList(call.params, 'tasks')
  const odd = tasks.find((task) => !tasksKnown.has(task))
  if (odd !== undefined || tasks.length === 0)
    throw invalid(`Param tasks must not be empty or contain ${odd ?? ''}`)
  const granted = tasksThroughSolutions(call.scope, waba)
  if (tasks.includes('MANAGE') && granted !== undefined && !granted.includes('MESSAGING')) {
    throw invalid('MANAGE cannot be assigned: the solution did not give MESSAGING to this partner')
  }
  return tasks
}

export const assignUser: Route = (call) => {
  const waba = wabaOf(call)
  waba.assigned.set(userOf(call), tasksOf(call, waba))
  return success()
}

export const unassignUser: Route = (call) => {
  wabaOf(call).assigned.delete(userOf(call))
  return success()
}
