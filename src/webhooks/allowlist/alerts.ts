import { isKnownEntity } from '../../alerts/alert-facts.ts'
import type { AlertField } from '../../alerts/fields.ts'
import {
  businessNumber,
  code,
  count,
  displayName,
  eventName,
  id,
  label,
  language,
  oneOf,
  seconds,
  sentence,
  templateName,
} from './scalars.ts'
import { isObject, valueAt } from '../../lib/value.ts'
import { either, members, type Rule, type Omissions } from './rule.ts'

/*
 * What may be stored of the fields about accounts, numbers and templates: the facts that Meta documents. Source of each:
 * the page of its name below "webhooks/reference".
 */

const template = {
  message_template_id: id,
  message_template_name: templateName,
  message_template_language: language,
}
const category = code
const limit = either(code, count)
const alert = {
  alert_severity: code,
  alert_status: code,
  alert_type: code,
  alert_description: sentence,
}

// Meta documents `alert_info`; the App Dashboard's test button sends its members beside the others.
const accountAlert = members({ entity_type: code, entity_id: id, alert_info: members(alert), ...alert })

/** Digits are an id only of what is known to have one: of anything else they may be somebody's phone number. */
function withoutPersonsId(value: unknown, omissions: Omissions): unknown {
  if (!isObject(value) || !Object.hasOwn(value, 'entity_id') || isKnownEntity(value['entity_type']))
    return value
  const { entity_id, ...rest } = value
  omissions.add('entity_id', entity_id)
  return rest
}

const nameUpdate = members({
  display_phone_number: businessNumber,
  decision: code,
  requested_verified_name: displayName,
  rejection_reason: code,
})

/** A name that Meta has refused for being that of a person is one. */
function withoutPersonsName(value: unknown, omissions: Omissions): unknown {
  const reason = valueAt(value, 'rejection_reason')
  if (!isObject(value) || (reason !== 'NAME_EMPLOYEE_ISSUE' && reason !== 'NAME_INDIVIDUAL_ISSUE'))
    return value
  const { requested_verified_name: name, ...rest } = value
  omissions.add('requested_verified_name', name)
  return rest
}

export const alertRules = {
  account_alerts: (value, omissions) => accountAlert(withoutPersonsId(value, omissions), omissions),
  account_review_update: members({ decision: code }),
  account_settings_update: members({
    messaging_product: code,
    type: code,
    timestamp: seconds,
    // The settings themselves may name people and servers.
    phone_number_settings: members({ phone_number_id: id }),
  }),
  business_capability_update: members({
    max_daily_conversation_per_phone: limit,
    max_daily_conversations_per_business: limit,
    max_phone_numbers_per_business: count,
    max_phone_numbers_per_waba: count,
  }),
  // The text of the template is the customer's: that it was changed is all that is told.
  message_template_components_update: members(template),
  message_template_quality_update: members({
    ...template,
    previous_quality_score: code,
    new_quality_score: code,
  }),
  message_template_status_update: members({
    ...template,
    event: eventName,
    reason: code,
    message_template_category: category,
    disable_info: members({ disable_date: seconds }),
    other_info: members({ title: code, description: sentence }),
    rejection_info: members({ reason: sentence, recommendation: sentence }),
  }),
  // The provider's number for the merchant is nobody's business here.
  payment_configuration_update: members({
    configuration_name: label,
    provider_name: label,
    status: either(oneOf('Needs Testing', 'Needs Connecting'), code),
    created_timestamp: seconds,
    updated_timestamp: seconds,
  }),
  phone_number_name_update: (value, omissions) => nameUpdate(withoutPersonsName(value, omissions), omissions),
  phone_number_quality_update: members({
    display_phone_number: businessNumber,
    event: eventName,
    current_limit: limit,
    old_limit: limit,
    max_daily_conversations_per_business: limit,
  }),
  // `requester` is the id of a person.
  security: members({ display_phone_number: businessNumber, event: eventName }),
  template_category_update: members({
    ...template,
    previous_category: category,
    new_category: category,
    correct_category: category,
    category_update_timestamp: seconds,
  }),
  template_correct_category_detection: members({
    ...template,
    category,
    correct_category: category,
  }),
} as const satisfies Readonly<Record<AlertField, Rule>>
