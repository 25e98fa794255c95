import type { WabaRow } from '../world/rows.ts'
import type { Caller } from './caller.ts'
import { forbidden } from './error.ts'
import { type Permission, needPermission } from './permission.ts'

/** Chosen, after the guides "Manage accounts" and "Access tokens": a system user acts on accounts of its own portfolio. */
const isOwn = (caller: Caller, waba: WabaRow): boolean =>
  caller.kind === 'system' && caller.businessId === waba.ownerBusinessId

/**
 * Guide "Onboarding customers as a Solution Partner": what is done on a customer's account takes the customer's business
 * token. Guide "Partner-initiated WABA creation": on such an account that token does not work, and the system token does.
 */
export function needCustomerToken(
  caller: Caller,
  waba: WabaRow,
  permission: Permission = 'whatsapp_business_management',
): void {
  if (waba.partnerInitiated === true) {
    if (caller.kind !== 'system')
      throw forbidden('An account that the partner asked for takes the system token')
  } else if (caller.kind !== 'business' && !isOwn(caller, waba)) {
    throw forbidden("This call needs the customer's business token")
  }
  needPermission(caller, permission)
}
