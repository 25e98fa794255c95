import { z } from 'zod'

import { forbidden } from '../graph/error.ts'
import type { Scope } from '../graph/scope.ts'
import type { BusinessRow, UserRow, World } from '../world/rows.ts'
import { type BoundEdge, type BoundNode, absent, value } from './bound.ts'
import { graphTime } from './time.ts'

/** Meta's Business SDK, edge `system_users`. (The guide "Manage system users" prints an account in the path.) */
export function systemUsersOf({ caller }: Scope, world: World, business: BusinessRow): BoundEdge {
  if (caller.kind !== 'system' || caller.businessId !== business.id) {
    throw forbidden("Listing system users needs the portfolio's system token")
  }
  return {
    path: `${business.id}/system_users`,
    takes: [],
    paged: true,
    keys: () =>
      [...world.users.values()].filter((row) => row.businessId === business.id).map((row) => row.id),
    row: (key) => {
      const user = world.users.get(key)
      return user && systemUserNode(business, user)
    },
  }
}

function systemUserNode(portfolio: BusinessRow, user: UserRow): BoundNode {
  return {
    type: 'SystemUser',
    id: user.id,
    defaults: ['name', 'role'],
    fields: {
      id: value(z.string(), () => user.id),
      name: value(z.string(), () => user.name),
      created_by: absent,
      created_time: value(z.string(), () => graphTime(portfolio.createdAt)),
      finance_permission: absent,
      ip_permission: absent,
      role: value(z.enum(['ADMIN', 'EMPLOYEE', 'FINANCE_EDITOR']), () => user.role),
    },
  }
}
