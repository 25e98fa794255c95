import {
  businessNumber,
  capitals,
  code,
  country,
  day,
  eventName,
  id,
  month,
  region,
  seconds,
  sentence,
  span,
  strictCode,
  trackingCode,
} from './scalars.ts'
import { isKnownAccountEvent } from '../../alerts/account-events.ts'
import { either, listOf, members, type Rule } from './rule.ts'

/*
 * What may be stored of the two fields about accounts and solutions. Of an event that this release does not know: the same
 * members, and those whose keys say that they hold an id of a business object, a state or a time.
 */

const idKey =
  /^(?:(?:ad|client|destination|end|messaging|new|old|owner|parent|partner|previous|primary|receiving|solution|source|whatsapp)_)*(?:account|allocation|app|business|intent|phone_number|portfolio|solution|template|waac|waba)_id$/
const stateKey = /(?:^|_)(?:reason|state|status|type)$/
const timeKey = /(?:^|_)(?:expiration|time|timestamp)$|_at$/

function rest(key: string): Rule | undefined {
  if (idKey.test(key)) return id
  if (idKey.test(key.replace(/s$/, ''))) return listOf(id)
  if (stateKey.test(key)) return strictCode
  if (timeKey.test(key)) return seconds
  return /^[a-z_]+_info$/.test(key) ? members({}, rest) : undefined
}

const accountEventName: Rule = (value, omissions) =>
  typeof value === 'string' && isKnownAccountEvent(value) ? value : eventName(value, omissions)

const violation = members({ violation_type: code, remediation: sentence }, rest)
const tracked = members({ trackingCode, tracking_code: trackingCode })

// Meta's page "account_update", and what the partner guides have besides
export const accountUpdate = members(
  {
    event: accountEventName,
    waba_info: members(
      { waba_id: id, owner_business_id: id, solution_id: id, partner_app_id: id, ad_account_linked: id },
      rest,
    ),
    // The hosted signup
    sessionInfo: tracked,
    session_info: tracked,
    phone_number: businessNumber,
    disconnection_info: members({ reason: code, initiated_by: code }, rest),
    restriction_info: listOf(
      members({ restriction_type: code, expiration: seconds, remediation: sentence }, rest),
    ),
    violation_info: violation,
    // An older guide prints the state as a list.
    ban_info: members({ waba_ban_state: either(code, listOf(code)), waba_ban_date: either(day, seconds) }),
    partner_client_certification_info: members({
      client_business_id: id,
      status: code,
      rejection_reasons: listOf(capitals),
    }),
    partner_client_certification_needed_info: members({ client_business_id: id }, rest),
    auth_international_rate_eligibility: members({
      start_time: seconds,
      exception_countries: listOf(members({ country_code: country, start_time: seconds })),
    }),
    country,
    volume_tier_info: members({
      tier_update_time: seconds,
      pricing_category: code,
      tier: span,
      effective_month: month,
      region,
    }),
  },
  rest,
)

// Meta's page "partner_solutions"
export const partnerSolutions = members({ event: eventName, solution_id: id, solution_status: code }, rest)

/**
 * Of the topic that Meta has announced for 2027 beside that of the accounts we know ("Updates to WhatsApp Business
 * accounts"): its fields are not published, and its entries are no accounts of ours.
 */
export const whatsappAccount = members({ event: eventName }, rest)
