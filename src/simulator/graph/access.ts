import type { IntentRow } from '../world/intent.ts'
import type { AppRow, BusinessRow, SolutionRow, WabaRow, World } from '../world/rows.ts'
import { accountsOf } from '../world/number-accounts.ts'
import { appIdsOf } from '../world/solution.ts'
import type { Caller } from './caller.ts'
import { forbidden } from './error.ts'

// Who may see what. The rules are read from Meta's partner guides and were never compared with the live service.

const speaksForPartner = (caller: Caller): boolean => caller.kind === 'system' || caller.kind === 'user'

/** The apps a token speaks for: its own, or those that a person picked at login. */
export const appsOf = (caller: Caller): readonly string[] =>
  caller.kind === 'user' ? (caller.row.person?.appIds ?? [caller.app.id]) : [caller.app.id]

/** A solution is there for the apps that take part in it, and for no one else. */
export function seesSolution(world: World, caller: Caller, solution: SolutionRow): boolean {
  const parties = appIdsOf(world, solution)
  return speaksForPartner(caller) && appsOf(caller).some((id) => parties.includes(id))
}

/** A customer's account is there for portfolios it is shared with, and for the customer's own business token. */
export function seesWaba(caller: Caller, waba: WabaRow): boolean {
  if (caller.kind === 'system') return ownOrShared(caller.businessId, waba)
  return caller.kind === 'business' && tokenOpens(caller.app, caller.businessId, waba)
}

/** Guide "Migrating WABAs among solutions": the partner whom the destination account is shared with reads it as well. */
export const seesIntent = (world: World, caller: Caller, { wabaId, destinationWabaId }: IntentRow): boolean =>
  [wabaId, destinationWabaId].some((id) => {
    const waba = world.wabas.get(id ?? '')
    return waba !== undefined && seesWaba(caller, waba)
  })

/** Of the accounts that list a number the first that is there for the caller. */
export const accountSeen = (world: World, caller: Caller, phoneId: string): WabaRow | undefined =>
  accountsOf(world, phoneId).find((waba) => seesWaba(caller, waba))

const ownOrShared = (businessId: string, waba: WabaRow): boolean =>
  waba.ownerBusinessId === businessId || waba.sharedWith.includes(businessId)

/** A business token covers one customer, for the app it was issued to. */
export const tokenOpens = (app: AppRow, businessId: string, waba: WabaRow): boolean =>
  waba.partnerInitiated !== true &&
  waba.ownerBusinessId === businessId &&
  waba.sharedWith.includes(app.businessId)

export function seesBusiness(world: World, caller: Caller, business: BusinessRow): boolean {
  if (caller.kind === 'app') return false
  if (caller.businessId === business.id) return true
  if (caller.kind !== 'system') return false
  return [...world.wabas.values()].some(
    (waba) => waba.ownerBusinessId === business.id && waba.sharedWith.includes(caller.businessId),
  )
}

/** A system user is there for its portfolio's system token. */
export const seesUser = (world: World, caller: Caller, id: string): boolean =>
  caller.kind === 'system' && world.users.get(id)?.businessId === caller.businessId

/** Guides "Share and revoke credit lines" and "Partner-led business verification": these take a business token. */
export function needBusinessToken(caller: Caller, what: string, waba?: WabaRow): void {
  // Guide "Partner-initiated WABA creation": a business token does not work there, the system token does
  if (waba?.partnerInitiated === true && caller.kind === 'system') return
  // Guide "Manage accounts": a portfolio's own accounts are read with its system token
  if (waba !== undefined && caller.kind === 'system' && caller.businessId === waba.ownerBusinessId) return
  if (caller.kind !== 'business') throw forbidden(`Reading ${what} needs the customer's business token`)
}
