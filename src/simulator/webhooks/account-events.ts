import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { WabaRow } from '../world/rows.ts'
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

function tellPartners(sim: Sim, waba: WabaRow, value: JsonObject): string[] {
  const apps = [...sim.world.apps.values()].filter((app) => waba.sharedWith.includes(app.businessId))
  return apps.filter((app) => tell(sim, app.id, 'account_update', value, waba.id)).map((app) => app.id)
}
