import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { digitsOf, tellAlert } from '../webhooks/alert-events.ts'
import type { PhoneRow, WabaRow } from '../world/rows.ts'
import { ControlError } from './error.ts'

/*
 * META/webhooks/reference, the pages of the fields' names: keys and values as printed there. Lists of values are open, so
 * that any text is taken.
 */

const word = z.string().min(1).max(500)
const limit = z.union([word, z.int()])
const about = { waba_id: z.string(), app_id: z.string().optional() }
const ofNumber = { ...about, phone_number_id: z.string().optional() }
const template = {
  ...about,
  message_template_id: z.int().default(278077987957091),
  message_template_name: word.default('welcome_template'),
  message_template_language: word.default('en_US'),
}
const field = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ field: z.literal(name), ...shape })

export const Alerts = z.discriminatedUnion('field', [
  field('account_alerts', {
    ...about,
    entity_type: word.default('BUSINESS'),
    /** The owner's portfolio when left out. */
    entity_id: z.string().optional(),
    alert_severity: word.default('WARNING'),
    alert_status: word.default('ACTIVE'),
    alert_type: word,
    alert_description: word.default('A sentence of the simulator.'),
  }),
  field('account_review_update', { ...about, decision: word }),
  field('account_settings_update', ofNumber),
  field('business_capability_update', {
    ...about,
    max_daily_conversation_per_phone: z.int().optional(),
    max_daily_conversations_per_business: limit.optional(),
    max_phone_numbers_per_business: z.int().optional(),
    max_phone_numbers_per_waba: z.int().optional(),
  }),
  field('message_template_components_update', { ...template, message_template_element: word.optional() }),
  field('message_template_quality_update', {
    ...template,
    previous_quality_score: word,
    new_quality_score: word,
  }),
  field('message_template_status_update', {
    ...template,
    event: word,
    reason: word.nullable().optional(),
    message_template_category: word.optional(),
    disable_info: z.strictObject({ disable_date: word }).optional(),
    other_info: z.strictObject({ title: word, description: word }).optional(),
    rejection_info: z.strictObject({ reason: word, recommendation: word }).optional(),
  }),
  field('payment_configuration_update', {
    ...about,
    configuration_name: word.default('provider-test'),
    provider_name: word.default('provider'),
    status: word,
  }),
  field('phone_number_name_update', {
    ...ofNumber,
    decision: word,
    requested_verified_name: word.optional(),
    rejection_reason: word.nullable().default(null),
  }),
  field('phone_number_quality_update', {
    ...ofNumber,
    event: word,
    current_limit: word.optional(),
    old_limit: word.optional(),
    max_daily_conversations_per_business: limit.optional(),
  }),
  field('security', { ...ofNumber, event: word, requester: word.default('61555000000001') }),
  field('template_category_update', {
    ...template,
    previous_category: word.optional(),
    new_category: word,
    correct_category: word.optional(),
    category_update_timestamp: z.int().optional(),
  }),
  field('template_correct_category_detection', { ...template, category: word, correct_category: word }),
])
type Input = z.output<typeof Alerts>

/** Meta tells of an account, a number or a template; nothing changes here by it. */
export function alerts(sim: Sim, input: Input): JsonObject {
  const waba = sim.world.wabas.get(input.waba_id)
  if (waba === undefined) throw new ControlError(404, `There is no account ${input.waba_id}`)
  const value = JSON.parse(JSON.stringify(valueOf(sim, waba, input))) as JsonObject
  const told = tellAlert(sim, waba, input.field, value, input.app_id)
  return { field: input.field, value, webhooks: [...told] }
}

function valueOf(sim: Sim, waba: WabaRow, input: Input): object {
  const { field: _field, waba_id: _waba, app_id: _app, ...members } = input
  if (input.field === 'account_alerts') {
    const { entity_type, entity_id = waba.ownerBusinessId, alert_severity, alert_status, ...alert } = input
    const { alert_type, alert_description } = alert
    const alert_info = { alert_severity, alert_status, alert_type, alert_description }
    return { entity_type, entity_id, alert_info }
  }
  if (!('phone_number_id' in members) && !isOfNumber(input.field)) return members
  const phone = numberOf(sim, waba, 'phone_number_id' in input ? input.phone_number_id : undefined)
  const { phone_number_id: _number, ...rest } = members as JsonObject
  if (input.field === 'account_settings_update') return settingsOf(sim, phone)
  const named = { display_phone_number: digitsOf(phone), ...rest }
  return input.field === 'phone_number_name_update'
    ? { ...named, requested_verified_name: input.requested_verified_name ?? phone.verifiedName }
    : named
}

const isOfNumber = (name: string): boolean =>
  name.startsWith('phone_number_') || name === 'security' || name === 'account_settings_update'

function numberOf({ world }: Sim, waba: WabaRow, id: string | undefined): PhoneRow {
  const phone = world.phones.get(id ?? waba.phoneIds[0] ?? '')
  if (phone === undefined || !waba.phoneIds.includes(phone.id))
    throw new ControlError(404, `Account ${waba.id} has no number ${id ?? ''}`.trimEnd())
  return phone
}

// META/calling/call-settings, whose example has no time of the entry and one of the value
function settingsOf({ clock }: Sim, phone: PhoneRow): object {
  return {
    messaging_product: 'whatsapp',
    timestamp: String(Math.floor(clock.now() / 1000)),
    type: 'phone_number_settings',
    phone_number_settings: { phone_number_id: phone.id, calling: { status: 'ENABLED' } },
  }
}
