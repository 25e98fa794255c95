import type { Sim } from '../sim.ts'
import type { WabaRow } from '../world/rows.ts'
import { portfoliosOf } from '../world/solution.ts'
import type { SubmissionRow } from '../world/submission.ts'
import { tell } from './events.ts'

// Meta's page webhooks/reference/account_update

/**
 * The outcome of a partner-led verification. Its entry id is an account of the customer's, and the guide wants the app
 * to be subscribed to that account, not to the field alone. Returns the apps that are told.
 */
export function tellCertification(
  sim: Sim,
  { appId, clientBusinessId, status, reasons }: SubmissionRow,
): string[] {
  const waba = [...sim.world.wabas.values()].find(
    (row) => row.ownerBusinessId === clientBusinessId && row.subscribed.has(appId),
  )
  if (waba === undefined) return []
  const rejection_reasons = reasons.length > 0 ? reasons : ['NONE']
  const info = { client_business_id: clientBusinessId, status, rejection_reasons }
  const event = 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE'
  const value = { event, partner_client_certification_info: info }
  return tell(sim, appId, 'account_update', value, waba.id) ? [appId] : []
}

/** The customer lets an app in, with solution keys only when a solution brought the account. */
export function tellAppInstalled(sim: Sim, appId: string, waba: WabaRow): void {
  const solution = sim.world.solutions.get(waba.solutionIds[0] ?? '')
  const through = solution && {
    solution_id: solution.id,
    solution_partner_business_ids: portfoliosOf(sim.world, solution),
  }
  const waba_info = { ...about(waba), partner_app_id: appId, ...through }
  tell(sim, appId, 'account_update', { event: 'PARTNER_APP_INSTALLED', waba_info })
}

/** Pages "Website optional" and "Manage webhooks": a customer has signed up without a website. The entry id is the account. */
export function tellCertificationNeeded(sim: Sim, appId: string, waba: WabaRow): void {
  const value = {
    event: 'PARTNER_CLIENT_CERTIFICATION_NEEDED',
    partner_client_certification_needed_info: { client_business_id: waba.ownerBusinessId },
  }
  tell(sim, appId, 'account_update', value, waba.id)
}

/** Never with solution keys. */
export function tellAppUninstalled(sim: Sim, appId: string, waba: WabaRow): void {
  const waba_info = { ...about(waba), partner_app_id: appId }
  tell(sim, appId, 'account_update', { event: 'PARTNER_APP_UNINSTALLED', waba_info })
}

const about = (waba: WabaRow) => ({ waba_id: waba.id, owner_business_id: waba.ownerBusinessId })
