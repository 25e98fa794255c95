import { put } from './create.ts'
import type { AllocationRow, AttachmentRow, CreditLineRow } from './credit-rows.ts'
import type { WabaRow, World } from './rows.ts'

export function sharedAllocation(
  { credit }: World,
  lineId: string,
  businessId: string,
): AllocationRow | undefined {
  return [...credit.allocations.values()].find(
    (row) => row.creditLineId === lineId && row.receivingBusinessId === businessId && !row.revoked,
  )
}

/** Shares the line with a portfolio; a portfolio that shares it already keeps its record. */
export function shareLine(
  world: World,
  line: CreditLineRow,
  businessId: string,
  createdAt: number,
): AllocationRow {
  const shared = sharedAllocation(world, line.id, businessId)
  if (shared !== undefined) return shared
  return put(world, 'allocation', world.credit.allocations, {
    id: world.nextId('allocation'),
    creditLineId: line.id,
    owningBusinessId: line.businessId,
    receivingBusinessId: businessId,
    receivingCredentialId: world.nextId('credential'),
    revoked: false,
    createdAt,
  })
}

export interface Attached {
  readonly attachment: AttachmentRow
  readonly allocation: AllocationRow
}

/** What the account took last, also when that is revoked. */
export function attachedTo({ credit }: World, wabaId: string): Attached | undefined {
  const attachment = credit.attachments.get(wabaId)
  const allocation = attachment && credit.allocations.get(attachment.allocationId)
  return attachment && allocation && { attachment, allocation }
}

/** Puts the account on the line; it is invoiced in that currency from then on. */
export function attachLine(world: World, waba: WabaRow, { id }: AllocationRow, currency: string): void {
  world.credit.attachments.set(waba.id, { wabaId: waba.id, allocationId: id, currency })
  world.wabas.set(waba.id, { ...waba, currency })
}

/** What pays for the account: the line while it is shared, else a payment method of the customer's own. */
export function fundingOf(world: World, wabaId: string): string | undefined {
  const allocation = attachedTo(world, wabaId)?.allocation
  if (allocation?.revoked === false) return allocation.receivingCredentialId
  return world.standing.wabas.get(wabaId)?.paymentId
}

/** Takes the line from every account of the portfolio at once; the record stays readable. */
export function revokeAllocation({ credit }: World, allocation: AllocationRow): void {
  credit.allocations.set(allocation.id, { ...allocation, revoked: true })
}
