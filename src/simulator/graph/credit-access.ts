import type { AllocationRow, CreditLineRow } from '../world/credit-rows.ts'
import type { Caller } from './caller.ts'
import { forbidden } from './error.ts'
import { needPermission } from './permission.ts'
import type { Scope } from '../nodes/bound.ts'

// Meta's page solution-providers/share-and-revoke-credit-lines

/** A line is there for the portfolio that has it, and for the customers' tokens that its apps hold. */
export const seesCreditLine = (caller: Caller, line: CreditLineRow): boolean =>
  caller.kind !== 'app' && caller.app.businessId === line.businessId

export const seesAllocation = (caller: Caller, allocation: AllocationRow): boolean =>
  caller.kind === 'system' && caller.businessId === allocation.owningBusinessId

/**
 * All calls but one: the system token, with the permission, of a system user who is Admin or Financial Editor of the
 * portfolio.
 */
export function needFinance({ world, caller }: Scope): void {
  if (caller.kind !== 'system') throw forbidden('Credit lines need the system user access token')
  needPermission(caller, 'business_management')
  const role = world.users.get(caller.app.systemUserId)?.role
  if (role !== 'ADMIN' && role !== 'FINANCE_EDITOR') {
    throw forbidden('The system user must be Admin or Financial Editor of the portfolio')
  }
}
