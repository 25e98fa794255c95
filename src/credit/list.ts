import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { listAllocations } from '../graph/endpoints/credit.ts'
import type { CreditAllocationNode } from '../graph/nodes.ts'
import { listWhole } from '../graph/paging.ts'
import type { FieldTree } from '../graph/fields.ts'

/** Small, and always read as a whole, so that each reader finds what another has read. */
export const allocationFields: FieldTree = [
  'id',
  'request_status',
  'receiving_business',
  'receiving_credential',
  'owning_credential',
]

export interface Listed {
  readonly rows: readonly CreditAllocationNode[]
  readonly asked: FieldTree
}

/** What a line shares with a business now. There is one record for a business, or none. */
export async function listActive(
  ctx: Ctx,
  app: AppConfig,
  lineId: string,
  businessId: string,
): Promise<Listed> {
  let asked = allocationFields
  // Where Graph takes no notice of the business, the one that is meant may stand on any page.
  const listed = await listWhole(async (after, isOutdated) => {
    const call = (fields: string) =>
      listAllocations(lineId, { limit: 100, after, fields, receivingBusinessId: businessId })
    const answer = await ctx.reads.page('CreditAllocation', allocationFields, call, { app }, isOutdated)
    asked = answer.asked
    return answer.page
  }, 'The line is shared with more businesses')
  const rows = listed.filter(
    ({ receiving_business: business, request_status: word }) =>
      (business?.id ?? businessId) === businessId && word !== 'DELETED',
  )
  return { rows, asked }
}
