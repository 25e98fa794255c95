import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { accountsOf } from '../world/number-accounts.ts'
import type { PhoneRow, WabaRow } from '../world/rows.ts'
import { digitsOf } from './alert-events.ts'
import { tell } from './events.ts'

// Meta's page webhooks/reference/account_update: the entry id of these is the account. To every partner that has it.

export function tellRestriction(sim: Sim, waba: WabaRow, info: readonly JsonObject[]): string[] {
  return tellPartners(sim, waba, { event: 'ACCOUNT_RESTRICTION', restriction_info: info })
}

/** The page prints the date in English words. */
export function tellBan(sim: Sim, waba: WabaRow, state: string): string[] {
  const date = new Date(sim.clock.now())
  const words = date.toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })
  const ban_info = { waba_ban_state: state, waba_ban_date: words }
  return tellPartners(sim, waba, { event: 'DISABLED_UPDATE', ban_info })
}

/**
 * The customer disconnects a number that is used in the WhatsApp Business app as well: META/embedded-signup/
 * onboarding-business-app-users prints it with the account as entry id and the number in place of `waba_info`.
 */
export function tellNumberLeft(sim: Sim, phone: PhoneRow): string[] {
  const disconnection_info = { reason: 'ACCOUNT_DISCONNECTED', initiated_by: 'USER' }
  const value = { phone_number: digitsOf(phone), event: 'PARTNER_REMOVED', disconnection_info }
  return accountsOf(sim.world, phone.id).flatMap((waba) => tellPartners(sim, waba, value))
}

function tellPartners(sim: Sim, waba: WabaRow, value: JsonObject): string[] {
  const apps = [...sim.world.apps.values()].filter((app) => waba.sharedWith.includes(app.businessId))
  return apps.filter((app) => tell(sim, app.id, 'account_update', value, waba.id)).map((app) => app.id)
}
