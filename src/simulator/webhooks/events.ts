import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { SolutionRow, WabaRow } from '../world/rows.ts'
import { appIdsOf, portfoliosOf } from '../world/solution.ts'
import { encodeBody } from './sign.ts'

type SolutionWebhookStatus = 'INITIATED' | 'ACTIVE' | 'REJECTED' | 'PENDING_DEACTIVATION' | 'DEACTIVATED'

/** One change to one app. The entry id is the receiving partner's portfolio unless it is said to be an account. */
export function tell(sim: Sim, appId: string, field: string, value: JsonObject, entryId?: string): boolean {
  const app = sim.world.apps.get(appId)
  if (app === undefined || !sim.subscriptions.get(appId)?.fields.includes(field)) return false
  const time = sim.stamp(JSON.stringify([appId, field, value]), seconds(sim.clock.now()))
  const entry = { id: entryId ?? app.businessId, time, changes: [{ value, field }] }
  sim.outbox.emit(appId, encodeBody({ object: 'whatsapp_business_account', entry: [entry] }))
  return true
}

/** Meta's page webhooks/reference/partner_solutions: nothing but event, id and status, to every partner. */
export function tellSolution(
  sim: Sim,
  solution: SolutionRow,
  event: 'SOLUTION_CREATED' | 'SOLUTION_UPDATED',
  status: SolutionWebhookStatus,
): void {
  const value = { event, solution_id: solution.id, solution_status: status }
  for (const appId of appIdsOf(sim.world, solution)) tell(sim, appId, 'partner_solutions', value)
}

/** Meta's page webhooks/reference/account_update: solution keys only when a solution brought the customer. */
export function tellPartnerAdded(
  sim: Sim,
  appIds: readonly string[],
  waba: WabaRow,
  solution: SolutionRow | undefined,
): void {
  const through = solution && {
    solution_id: solution.id,
    solution_partner_business_ids: portfoliosOf(sim.world, solution),
  }
  const waba_info = { waba_id: waba.id, owner_business_id: waba.ownerBusinessId, ...through }
  for (const appId of appIds) tell(sim, appId, 'account_update', { event: 'PARTNER_ADDED', waba_info })
}

/** The same page: to each partner that loses the account, never with solution keys. */
export function tellPartnerRemoved(sim: Sim, appIds: readonly string[], waba: WabaRow): void {
  const waba_info = { waba_id: waba.id, owner_business_id: waba.ownerBusinessId }
  for (const appId of appIds) tell(sim, appId, 'account_update', { event: 'PARTNER_REMOVED', waba_info })
}
