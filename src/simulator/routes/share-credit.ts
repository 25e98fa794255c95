import { z } from 'zod'

import { seconds } from '../clock.ts'
import { seesBusiness, seesWaba } from '../graph/access.ts'
import { needFinance } from '../graph/credit-access.ts'
import { needCustomerToken } from '../graph/customer-token.ts'
import { invalid, notFound, refused } from '../graph/error.ts'
import { type Params, requiredId, requiredText } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import { attachLine, attachedTo, shareLine, sharedAllocation } from '../world/credit.ts'
import type { CreditLineRow } from '../world/credit-rows.ts'
import type { WabaRow } from '../world/rows.ts'
import type { Route, RouteCall } from './route.ts'

// Meta's page solution-providers/share-and-revoke-credit-lines
const currencies = ['AUD', 'EUR', 'GBP', 'IDR', 'INR', 'USD']

const SharedAndAttached = z.strictObject({ allocation_config_id: z.string(), waba_id: z.string() })
const Shared = z.strictObject({ success: z.literal(true), allocation_config_id: z.string() })
const AttachedNow = z.strictObject({
  success: z.literal(true),
  waba_id: z.string(),
  allocation_config_id: z.string(),
})

/** Both steps in one, with the system token. Nothing is deduplicated: a second call finds the account taken. */
export const shareAndAttach: Route = (call) => {
  needFinance(call.scope)
  const { world } = call.scope
  const [line, currency, waba] = [lineOf(call), currencyOf(call.params), accountOf(call)]
  needAssignedUser(call, waba)
  needFreeAccount(call, waba, line)
  const allocation = shareLine(world, line, waba.ownerBusinessId, now(call))
  attachLine(world, waba, allocation, currency)
  const reply = { allocation_config_id: allocation.id, waba_id: waba.id }
  return checked('CreditSharedAndAttached', SharedAndAttached, reply)
}

/** First step of the alternate method, with the system token. */
export const share: Route = (call) => {
  needFinance(call.scope)
  const { world } = call.scope
  const allocation = shareLine(world, lineOf(call), receiverOf(call), now(call))
  return checked('CreditShared', Shared, { success: true, allocation_config_id: allocation.id })
}

/** Its second step: the only call on a line that takes the customer's business token. */
export const attach: Route = (call) => {
  const { world, caller } = call.scope
  const [line, currency, waba] = [lineOf(call), currencyOf(call.params), accountOf(call)]
  needCustomerToken(caller, waba)
  if (world.settings.attachNeedsUser) needAssignedUser(call, waba)
  const allocation = sharedAllocation(world, line.id, waba.ownerBusinessId)
  if (allocation === undefined) throw refused(100, 'The line is not shared with the business of this account')
  needFreeAccount(call, waba, line)
  attachLine(world, waba, allocation, currency)
  const reply = { success: true, waba_id: waba.id, allocation_config_id: allocation.id }
  return checked('CreditAttached', AttachedNow, reply)
}

const now = ({ scope }: RouteCall): number => seconds(scope.sim.clock.now())

function lineOf({ scope, id }: RouteCall): CreditLineRow {
  const line = scope.world.creditLines.get(id)
  if (line === undefined) throw notFound(id, 'POST')
  return line
}

function currencyOf(params: Params): string {
  const currency = requiredText(params, 'waba_currency')
  if (!currencies.includes(currency)) {
    throw invalid(`Param waba_currency must be one of {${currencies.join(', ')}}`)
  }
  return currency
}

function accountOf({ scope, params }: RouteCall): WabaRow {
  const id = requiredId(params, 'waba_id')
  const waba = scope.world.wabas.get(id)
  if (waba === undefined || !seesWaba(scope.caller, waba)) throw notFound(id, 'POST')
  return waba
}

function receiverOf({ scope, params }: RouteCall): string {
  const id = requiredId(params, 'receiving_business_id')
  const business = scope.world.businesses.get(id)
  const customer =
    business !== undefined &&
    id !== scope.caller.app.businessId &&
    seesBusiness(scope.world, scope.caller, business)
  if (!customer) throw notFound(id, 'POST')
  return id
}

/**
 * Page embedded-signup/onboarding-customers-as-a-solution-partner: the system user is added to the account first.
 * Guides "Multi-Partner Solutions" and "Manage system users": without MANAGE it takes MANAGE_BILLING.
 */
function needAssignedUser({ scope: { caller } }: RouteCall, waba: WabaRow): void {
  const tasks = waba.assigned.get(caller.app.systemUserId)
  if (tasks === undefined) throw refused(200, 'The system user is not assigned to this account')
  if (!tasks.includes('MANAGE') && !tasks.includes('MANAGE_BILLING')) {
    throw refused(200, 'The system user needs the task MANAGE or MANAGE_BILLING on this account')
  }
}

/** Page share-and-revoke-credit-lines: an attached line cannot be changed; another one takes a new account. */
function needFreeAccount({ scope }: RouteCall, waba: WabaRow, line: CreditLineRow): void {
  const before = attachedTo(scope.world, waba.id)?.allocation
  if (before === undefined) return
  if (before.creditLineId !== line.id) throw refused(100, 'Another line is attached to this account for good')
  if (!before.revoked) throw refused(100, 'The line is attached to this account already')
}
