import {
  banStateOf,
  certificationOf,
  disconnectionOf,
  restrictionsOf,
  restrictionStageOf,
} from './account-facts.ts'
import { critical, fine, next, unknown, warning, type Verdict } from './verdict.ts'

type Judge = (value: unknown) => Verdict

const always =
  (verdict: Verdict): Judge =>
  () =>
    verdict

/** Events of `account_update`: its page, and the partner guides for what that has not. */
const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['PARTNER_ADDED', always(fine)],
  ['PARTNER_APP_INSTALLED', always(fine)],
  ['PARTNER_APP_UNINSTALLED', always(warning('CUSTOMER'))],
  ['PARTNER_REMOVED', (value) => (disconnectionOf(value) ? critical('CUSTOMER') : warning('CUSTOMER'))],
  ['PARTNER_CLIENT_CERTIFICATION_NEEDED', always(warning('US'))],
  ['PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE', certified],
  ['ACCOUNT_DELETED', always(critical(null))],
  // A change of the phone, over in minutes as a rule ("Reconnect offboarded coexistence clients").
  ['ACCOUNT_OFFBOARDED', always(warning('CUSTOMER'))],
  ['ACCOUNT_RECONNECTED', always(fine)],
  ['ACCOUNT_RESTRICTION', restricted],
  ['ACCOUNT_VIOLATION', always(warning('CUSTOMER'))],
  ['DISABLED_UPDATE', (value) => disabled(banStateOf(value))],
  ['AD_ACCOUNT_LINKED', always(fine)],
  ['MM_LITE_TERMS_SIGNED', always(fine)],
  ['AUTH_INTL_PRICE_ELIGIBILITY_UPDATE', always(fine)],
  ['BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', always(fine)],
  ['VOLUME_BASED_PRICING_TIER_UPDATE', always(fine)],
  ['VERIFIED_ACCOUNT', always(fine)],
])

/** How serious an event of an account is, and who acts. */
export const verdictOfAccount = (event: string | null, value: unknown): Verdict =>
  judges.get(event ?? '')?.(value) ?? unknown

function certified(value: unknown): Verdict {
  switch (certificationOf(value)?.status) {
    case 'APPROVED':
      return fine
    case 'PENDING':
      return next('META')
    case 'FAILED':
    case 'REVOKED':
      return critical('US')
    case 'DISCARDED':
      return warning('US')
    default:
      return unknown
  }
}

/** What keeps messages from being sent is worse than what keeps from calling or from adding numbers. */
function restricted(value: unknown): Verdict {
  const stage = restrictionStageOf('ACCOUNT_RESTRICTION', value)
  if (stage === 'LIFTED') return fine
  if (stage === 'WARNED') return warning('CUSTOMER')
  const types = restrictionsOf(value).map(({ type }) => type)
  const isMinor = types.length > 0 && types.every((type) => minor.has(type))
  return isMinor ? warning('CUSTOMER') : critical('CUSTOMER')
}

const minor: ReadonlySet<string> = new Set([
  'RESTRICTED_ADD_PHONE_NUMBER_ACTION',
  'RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING',
  'RESTRICTED_BUSINESS_INITIATED_CALLING',
  'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES',
  'RESTRICTED_USER_INITIATED_CALLING',
  'RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN',
  'RESTRICTED_UTILITY_TEMPLATES',
])

function disabled(state: string | null): Verdict {
  if (state === 'REINSTATE') return fine
  return state === 'DISABLE' || state === 'SCHEDULE_FOR_DISABLE' ? critical('CUSTOMER') : unknown
}
