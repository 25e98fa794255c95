import { z } from 'zod'

import { requiredId } from '../graph/params.ts'
import type { JsonObject } from '../json.ts'
import type { AllocationRow, CreditLineRow } from '../world/credit-rows.ts'
import type { World } from '../world/rows.ts'
import { type BoundEdge, type BoundNode, type Nodes, value } from './bound.ts'
import { CurrencyAmount, dollars } from './money.ts'

const Credential = z.strictObject({ id: z.string() })
const Portfolio = z.strictObject({ name: z.string(), id: z.string() })

function portfolio(world: World, id: string): JsonObject {
  return { name: world.businesses.get(id)?.name, id }
}

// Fields and enums as in Meta's Business SDK, ExtendedCreditAllocationConfig
export function allocationNode({ world }: Nodes, row: AllocationRow): BoundNode {
  return {
    type: 'ExtendedCreditAllocationConfig',
    id: row.id,
    defaults: ['id'],
    fields: {
      id: value(z.string(), () => row.id),
      currency_amount: value(CurrencyAmount, () => dollars(0)),
      liability_type: value(z.enum(['MSA', 'Normal', 'Sequential']), () => 'Normal'),
      owning_business: value(Portfolio, () => portfolio(world, row.owningBusinessId)),
      owning_credential: value(Credential, () => ({ id: row.creditLineId })),
      partition_type: value(
        z.enum(['AUTH', 'FIXED', 'FIXED_WITHOUT_PARTITION']),
        () => 'FIXED_WITHOUT_PARTITION',
      ),
      receiving_business: value(Portfolio, () => portfolio(world, row.receivingBusinessId)),
      receiving_credential: value(Credential, () => ({ id: row.receivingCredentialId })),
      // Page share-and-revoke-credit-lines shows DELETED; the other word is a guess
      request_status: value(z.enum(['APPROVED', 'DELETED']), () => (row.revoked ? 'DELETED' : 'APPROVED')),
      send_bill_to: value(z.enum(['Advertiser', 'Agency']), () => 'Agency'),
    },
  }
}

/** Meta's reference extended-credit/owning_credit_allocation_configs: what is shared now, not what was. */
export function allocationsOf(nodes: Nodes, line: CreditLineRow): BoundEdge {
  return {
    path: `${line.id}/owning_credit_allocation_configs`,
    takes: ['receiving_business_id'],
    defaults: ['id'],
    paged: true,
    keys: (params) => {
      const business = params.has('receiving_business_id')
        ? requiredId(params, 'receiving_business_id')
        : undefined
      return [...nodes.world.credit.allocations.values()]
        .filter((row) => row.creditLineId === line.id && !row.revoked)
        .filter((row) => business === undefined || row.receivingBusinessId === business)
        .map((row) => row.id)
    },
    row: nodes.allocation,
  }
}
