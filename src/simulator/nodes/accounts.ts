import { tokenOpens } from '../graph/access.ts'
import { forbidden } from '../graph/error.ts'
import { type Params, text } from '../graph/params.ts'
import type { Scope, BoundEdge, Nodes } from './bound.ts'
import type { BusinessRow, WabaRow, World } from '../world/rows.ts'
import { accountFilter, accountOrder } from './account-filter.ts'

type Relation = 'client' | 'owned'

/** `client` are accounts shared with the portfolio, `owned` its own: Meta's guide "Manage accounts". */
export function accountsOf(scope: Scope, nodes: Nodes, business: BusinessRow, relation: Relation): BoundEdge {
  const visible = guard(scope, business)
  const related = (waba: WabaRow): boolean =>
    relation === 'client' ? waba.sharedWith.includes(business.id) : waba.ownerBusinessId === business.id
  return {
    path: `${business.id}/${relation}_whatsapp_business_accounts`,
    takes: ['filtering', 'sort', 'find'],
    defaults: ['name', 'timezone_id', 'business_type', 'message_template_namespace'],
    paged: true,
    keys: (params) => select(nodes.world, params, (waba) => related(waba) && visible(waba)),
    row: nodes.waba,
  }
}

function guard({ caller }: Scope, business: BusinessRow): (waba: WabaRow) => boolean {
  if (caller.kind === 'system' && caller.businessId === business.id) return () => true
  if (caller.kind === 'business' && caller.businessId === business.id) {
    return (waba) => tokenOpens(caller.app, caller.businessId, waba)
  }
  throw forbidden("Listing accounts needs the portfolio's system token")
}

function select(world: World, params: Params, wanted: (waba: WabaRow) => boolean): string[] {
  const [passes, find] = [accountFilter(world, params), text(params, 'find')]
  const rows = [...world.wabas.values()].filter(
    (waba) => wanted(waba) && passes(waba) && (find === undefined || find === waba.id),
  )
  return accountOrder(params, rows).map((waba) => waba.id)
}
