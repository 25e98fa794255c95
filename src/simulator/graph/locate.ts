import type { BoundNode, Scope } from '../nodes/bound.ts'
import type { Kind } from '../world/rows.ts'
import { accountSeen, seesBusiness, seesIntent, seesSolution, seesUser, seesWaba } from './access.ts'
import { seesAllocation, seesCreditLine } from './credit-access.ts'
import { notFound, unknownAlias } from './error.ts'

export interface Located {
  readonly kind: Kind
  readonly id: string
  readonly node: BoundNode
  /** The account whose quota a call on this node may use up. */
  readonly wabaId?: string
}

/** The node behind an id, or the one answer for "does not exist" and "not yours". */
export function locate(scope: Scope, id: string, method: string): Located {
  if (!/^\d{1,20}$/.test(id)) throw unknownAlias(id)
  const kind = scope.world.kinds.get(id)
  const node = kind && visibleNode(scope, kind, id)
  if (kind === undefined || node === undefined) throw notFound(id, method)
  const wabaId = kind === 'waba' ? id : accountSeen(scope.world, scope.caller, id)?.id
  return { kind, id, node, ...(wabaId === undefined ? {} : { wabaId }) }
}

function visibleNode({ world, nodes, caller }: Scope, kind: Kind, id: string): BoundNode | undefined {
  switch (kind) {
    case 'app':
      // Name and link of an app are public
      return nodes.app(id)
    case 'business': {
      const business = world.businesses.get(id)
      return business && seesBusiness(world, caller, business) ? nodes.business(id) : undefined
    }
    case 'solution': {
      const solution = world.solutions.get(id)
      return solution && seesSolution(world, caller, solution) ? nodes.solution(id) : undefined
    }
    case 'waba': {
      const waba = world.wabas.get(id)
      return waba && seesWaba(caller, waba) ? nodes.waba(id) : undefined
    }
    case 'phone':
      return accountSeen(world, caller, id) ? nodes.phone(id) : undefined
    case 'creditLine': {
      const line = world.creditLines.get(id)
      return line && seesCreditLine(caller, line) ? nodes.creditLine(id) : undefined
    }
    case 'allocation': {
      const allocation = world.credit.allocations.get(id)
      return allocation && seesAllocation(caller, allocation) ? nodes.allocation(id) : undefined
    }
    case 'intent': {
      const intent = world.intents.get(id)
      return intent && seesIntent(world, caller, intent) ? nodes.intent(id) : undefined
    }
    case 'user':
      return seesUser(world, caller, id) ? nodes.user(id) : undefined
    // Meta documents no read of these by their own id
    case 'partner':
    case 'person':
    case 'submission':
    case 'credential':
      return undefined
  }
}
