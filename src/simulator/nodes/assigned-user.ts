import { z } from 'zod'

import { requiredId } from '../graph/params.ts'
import type { UserRow, WabaRow, World } from '../world/rows.ts'
import { type BoundEdge, type BoundNode, value } from './bound.ts'

const Portfolio = z.strictObject({ name: z.string(), id: z.string() })

/** Guide "Manage system users"; `business` says whose users are meant, and must be given. */
export function assignedUsersOf(world: World, waba: WabaRow): BoundEdge {
  return {
    path: `${waba.id}/assigned_users`,
    takes: ['business'],
    paged: true,
    keys: (params) => {
      const business = requiredId(params, 'business')
      return [...waba.assigned.keys()].filter((id) => world.users.get(id)?.businessId === business)
    },
    row: (key) => {
      const user = world.users.get(key)
      return user && userNode(world, user, waba.assigned.get(key) ?? [])
    },
  }
}

// The guide prints the first three; Meta's Business SDK knows the others
function userNode(world: World, user: UserRow, tasks: readonly string[]): BoundNode {
  return {
    type: 'AssignedUser',
    id: user.id,
    defaults: ['name', 'tasks'],
    fields: {
      id: value(z.string(), () => user.id),
      name: value(z.string(), () => user.name),
      tasks: value(z.array(z.string()), () => tasks),
      business: value(Portfolio, () => ({
        name: world.businesses.get(user.businessId)?.name,
        id: user.businessId,
      })),
      user_type: value(z.enum(['BUSINESS_USER', 'SYSTEM_USER', 'PERSONAL_USER']), () => 'SYSTEM_USER'),
    },
  }
}
