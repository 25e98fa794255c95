import { z } from 'zod'

import { needFinance } from '../graph/credit-access.ts'
import { invalid } from '../graph/error.ts'
import { type Params, text } from '../graph/params.ts'
import { type Scope, type BoundEdge, type BoundNode, type Nodes, edge, node, value } from './bound.ts'
import type { JsonObject } from '../json.ts'
import type { CreditLineRow } from '../world/credit-rows.ts'
import type { BusinessRow, World } from '../world/rows.ts'
import { allocationsOf } from './allocation.ts'
import { CurrencyAmount, dollars } from './money.ts'

const Address = z.strictObject({
  id: z.string(),
  street1: z.string(),
  city: z.string(),
  state: z.string(),
  postal_code: z.string(),
  country: z.string().length(2),
  validation_status: z.string(),
})

const address = (line: CreditLineRow): JsonObject => ({
  id: line.id,
  street1: '1 Hacker Way',
  city: 'Menlo Park',
  state: 'CA',
  postal_code: '94025',
  country: 'US',
  validation_status: 'VALID',
})

const allowed = 5_000_000
const owed = 125_050

const amounts = {
  allocated_amount: allowed,
  balance: owed,
  credit_available: allowed - owed,
  max_balance: allowed,
  online_max_balance: allowed,
}

// Fields as in Meta's Business SDK. Without `fields` only the id comes (page share-and-revoke-credit-lines)
export function creditLineNode(nodes: Nodes, line: CreditLineRow): BoundNode {
  const name = value(z.string(), () => line.legalEntityName)
  const place = value(Address, () => address(line))
  const money = Object.entries(amounts).map(
    ([field, cents]) => [field, value(CurrencyAmount, () => dollars(cents))] as const,
  )
  return {
    type: 'ExtendedCredit',
    id: line.id,
    defaults: ['id'],
    fields: financeOnly({
      id: value(z.string(), () => line.id),
      ...Object.fromEntries(money),
      credit_type: value(z.string(), () => 'CREDIT'),
      is_access_revoked: value(z.boolean(), () => false),
      is_automated_experience: value(z.boolean(), () => false),
      legal_entity_name: name,
      liable_address: place,
      liable_biz_name: name,
      owner_business: node(() => nodes.business(line.businessId)),
      owner_business_name: value(
        z.string().optional(),
        () => nodes.world.businesses.get(line.businessId)?.name,
      ),
      partition_from: value(z.string().optional(), () => undefined),
      receiving_credit_allocation_config: node(() => undefined),
      send_bill_to_address: place,
      send_bill_to_biz_name: name,
      sold_to_address: place,
      owning_credit_allocation_configs: edge(() => allocationsOf(nodes, line)),
    }),
  }
}

/** Not even the id is for another token: a business token sees the line only to attach it. */
function financeOnly(fields: BoundNode['fields']): BoundNode['fields'] {
  const guarded = Object.entries(fields).map(([name, read]) => {
    const careful: typeof read = (scope) => {
      needFinance(scope)
      return read(scope)
    }
    return [name, careful]
  })
  return Object.fromEntries(guarded) as BoundNode['fields']
}

/** Page share-and-revoke-credit-lines: the portfolio's own lines. A Tech Provider has none. */
export function creditLinesOf(scope: Scope, nodes: Nodes, business: BusinessRow): BoundEdge {
  needFinance(scope)
  return {
    path: `${business.id}/extendedcredits`,
    takes: ['order_by_is_owned_credential'],
    defaults: ['id'],
    paged: true,
    keys: (params) => linesOf(scope, nodes.world, business, params),
    row: nodes.creditLine,
  }
}

function linesOf({ caller }: Scope, world: World, business: BusinessRow, params: Params): string[] {
  const order = text(params, 'order_by_is_owned_credential')
  if (order !== undefined && order !== 'true' && order !== 'false') {
    throw invalid('Param order_by_is_owned_credential must be a boolean')
  }
  if (caller.app.businessId !== business.id) return []
  return [...world.creditLines.values()].filter((row) => row.businessId === business.id).map((row) => row.id)
}
