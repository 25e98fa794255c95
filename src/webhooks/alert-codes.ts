import { nameOf, member } from './record.ts'
import type { JsonObject } from './record.ts'

/** Which member holds the enum that says what an alert is about. Those that are not here have none. */
const codeKeys: ReadonlyMap<string, string> = new Map([
  ['account_review_update', 'decision'],
  ['account_settings_update', 'type'],
  ['message_template_quality_update', 'new_quality_score'],
  ['message_template_status_update', 'event'],
  ['payment_configuration_update', 'status'],
  ['phone_number_name_update', 'decision'],
  ['phone_number_quality_update', 'event'],
  ['security', 'event'],
  ['template_category_update', 'new_category'],
  ['template_correct_category_detection', 'correct_category'],
])

export function alertCode(field: string, value: JsonObject): string | null {
  // Documented within `alert_info`; the App Dashboard's test button sends it beside the entity.
  if (field === 'account_alerts')
    return nameOf(member(member(value, 'alert_info'), 'alert_type') ?? member(value, 'alert_type'))
  const key = codeKeys.get(field)
  return key === undefined ? null : nameOf(member(value, key))
}
