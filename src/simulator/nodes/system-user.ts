import { z } from 'zod'

import { forbidden } from '../graph/error.ts'
import { type Scope, type BoundEdge, type BoundNode, type Nodes, absent, edge, value } from './bound.ts'
import type { BusinessRow, UserRow } from '../world/rows.ts'
import { graphTime } from './time.ts'

/** Meta's Business SDK, edge `system_users`. (The guide "Manage system users" prints an account in the path.) */
export function systemUsersOf({ caller }: Scope, nodes: Nodes, business: BusinessRow): BoundEdge {
  if (caller.kind !== 'system' || caller.businessId !== business.id) {
    throw forbidden("Listing system users needs the portfolio's system token")
  }
  const users = [...nodes.world.users.values()].filter((row) => row.businessId === business.id)
  return {
    path: `${business.id}/system_users`,
    takes: [],
    paged: true,
    keys: () => users.map((row) => row.id),
    row: nodes.user,
  }
}

export function systemUserNode(nodes: Nodes, user: UserRow): BoundNode {
  const created = nodes.world.businesses.get(user.businessId)?.createdAt
  return {
    type: 'SystemUser',
    id: user.id,
    defaults: ['name', 'role'],
    fields: {
      id: value(z.string(), () => user.id),
      name: value(z.string(), () => user.name),
      created_by: absent,
      created_time: value(z.string().optional(), () => created && graphTime(created)),
      finance_permission: absent,
      ip_permission: absent,
      role: value(z.enum(['ADMIN', 'EMPLOYEE', 'FINANCE_EDITOR']), () => user.role),
      assigned_whatsapp_business_accounts: edge(() => assignedTo(nodes, user)),
    },
  }
}

/** Meta's Business SDK: the other side of an account's `assigned_users`. */
function assignedTo(nodes: Nodes, user: UserRow): BoundEdge {
  const accounts = [...nodes.world.wabas.values()].filter((waba) => waba.assigned.has(user.id))
  return {
    path: `${user.id}/assigned_whatsapp_business_accounts`,
    takes: [],
    paged: true,
    keys: () => accounts.map((waba) => waba.id),
    row: nodes.waba,
  }
}
