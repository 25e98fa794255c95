import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { accountsOf } from '../world/number-accounts.ts'
import type { PhoneRow, WabaRow } from '../world/rows.ts'
import { tell } from './events.ts'

/*
 * META/webhooks/reference: the pages of the fields' names. The entry id is the account, and it takes both: the app's
 * subscription to the field, and its subscription to the account. Nothing follows an override here.
 */

/** The apps that were told. */
export function tellAlert(
  sim: Sim,
  waba: WabaRow,
  field: string,
  value: JsonObject,
  only?: string,
): readonly string[] {
  const apps = [...sim.world.apps.keys()].filter(
    (id) => waba.subscribed.has(id) && (only === undefined || id === only),
  )
  return apps.filter((id) => tell(sim, id, field, value, waba.id))
}

/** Each account that lists the number is told of. */
function tellOfNumber(sim: Sim, phone: PhoneRow, field: string, value: JsonObject): readonly string[] {
  const named = { display_phone_number: digitsOf(phone), ...value }
  return accountsOf(sim.world, phone.id).flatMap((waba) => tellAlert(sim, waba, field, named))
}

export const digitsOf = ({ displayNumber }: PhoneRow): string => displayNumber.replaceAll(/\D/g, '')

export const tellReview = (sim: Sim, waba: WabaRow, decision: string): readonly string[] =>
  tellAlert(sim, waba, 'account_review_update', { decision })

/** The page's table has tiers; that a limit was raised and that it was lowered look alike. */
export const tellLimit = (sim: Sim, waba: WabaRow, tier: string): readonly string[] =>
  tellAlert(sim, waba, 'business_capability_update', { max_daily_conversations_per_business: tier })

// How the statuses of the node and the decisions of the webhook go together is nowhere said
const decisions: Readonly<Record<string, string>> = {
  APPROVED: 'APPROVED',
  DECLINED: 'REJECTED',
  PENDING_REVIEW: 'PENDING',
}

/** Nobody is told of a status that is no decision. */
export function tellNameReview(
  sim: Sim,
  phone: PhoneRow,
  { name, status }: { name: string; status: string },
): readonly string[] {
  const decision = decisions[status]
  if (decision === undefined) return []
  const rejection_reason = decision === 'REJECTED' ? 'NAME_NOT_CONSISTENT' : null
  const value = { decision, requested_verified_name: name, rejection_reason }
  return tellOfNumber(sim, phone, 'phone_number_name_update', value)
}

export const tellThroughput = (sim: Sim, phone: PhoneRow): readonly string[] =>
  tellOfNumber(sim, phone, 'phone_number_quality_update', {
    event: 'THROUGHPUT_UPGRADE',
    current_limit: 'TIER_UNLIMITED',
  })

/** Whoever changed it is named by an id; the simulator has no such person. */
export const tellPinChanged = (sim: Sim, phone: PhoneRow): readonly string[] =>
  tellOfNumber(sim, phone, 'security', { event: 'PIN_CHANGED', requester: '61555000000001' })

export function tellOfficial(sim: Sim, phone: PhoneRow): readonly string[] {
  const alert_info = {
    alert_severity: 'INFORMATIONAL',
    alert_status: 'NONE',
    alert_type: 'OBA_APPROVED',
    alert_description: 'The number is an official business account now.',
  }
  const value = { entity_type: 'PHONE_NUMBER', entity_id: phone.id, alert_info }
  return accountsOf(sim.world, phone.id).flatMap((waba) => tellAlert(sim, waba, 'account_alerts', value))
}
