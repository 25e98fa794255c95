import type { EventKind } from '../events/kinds.ts'
import { valueAt } from '../lib/value.ts'
import {
  banStateOf,
  certificationOf,
  disconnectionOf,
  restrictionsOf,
  restrictionStageOf,
} from './account-facts.ts'
import { critical, fine, next, unknown, warning, type Verdict } from './verdict.ts'

/**
 * What the entry id is. Meta's page "account_update" calls it the WABA throughout; its own examples have the
 * receiving partner's business portfolio there for every event that says which account it is about in `waba_info`.
 */
type EntryId = 'waba' | 'portfolio'

interface AccountEventRow {
  readonly kind: EventKind
  readonly entryId: EntryId
  /** How serious the event is, and who acts. A function where that depends on the value. */
  readonly verdict: Verdict | ((value: unknown) => Verdict)
}

const row = (kind: EventKind, entryId: EntryId, verdict: AccountEventRow['verdict']): AccountEventRow => ({
  kind,
  entryId,
  verdict,
})

/** The 16 events of Meta's page "account_update" and two that only the partner guides have (marked). */
const rows: ReadonlyMap<string, AccountEventRow> = new Map([
  ['PARTNER_ADDED', row('CLIENT_WABA_ONBOARDED', 'portfolio', fine)],
  ['PARTNER_APP_INSTALLED', row('CLIENT_WABA_APP_INSTALLED', 'portfolio', fine)],
  ['PARTNER_APP_UNINSTALLED', row('CLIENT_WABA_APP_UNINSTALLED', 'portfolio', warning('CUSTOMER'))],
  ['PARTNER_REMOVED', row('CLIENT_WABA_REMOVED', 'portfolio', verdictOfRemoval)],
  [
    'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE',
    row('BUSINESS_VERIFICATION_UPDATED', 'waba', verdictOfCertification),
  ],
  // "Manage webhooks" of the solution provider guides
  ['PARTNER_CLIENT_CERTIFICATION_NEEDED', row('BUSINESS_VERIFICATION_UPDATED', 'waba', warning('US'))],
  ['ACCOUNT_DELETED', row('CLIENT_WABA_REMOVED', 'waba', critical(null))],
  // A change of the phone, over in minutes as a rule ("Reconnect offboarded coexistence clients").
  ['ACCOUNT_OFFBOARDED', row('CLIENT_WABA_UPDATED', 'waba', warning('CUSTOMER'))],
  ['ACCOUNT_RECONNECTED', row('CLIENT_WABA_UPDATED', 'waba', fine)],
  ['ACCOUNT_RESTRICTION', row('CLIENT_WABA_UPDATED', 'waba', verdictOfRestriction)],
  ['ACCOUNT_VIOLATION', row('CLIENT_WABA_UPDATED', 'waba', warning('CUSTOMER'))],
  ['DISABLED_UPDATE', row('CLIENT_WABA_UPDATED', 'waba', verdictOfBan)],
  // The account in "Marketing Messages onboarding", the portfolio in "account_update": never taken for the WABA.
  ['AD_ACCOUNT_LINKED', row('CLIENT_WABA_UPDATED', 'portfolio', fine)],
  ['MM_LITE_TERMS_SIGNED', row('CLIENT_WABA_UPDATED', 'portfolio', fine)],
  ['AUTH_INTL_PRICE_ELIGIBILITY_UPDATE', row('CLIENT_WABA_UPDATED', 'waba', fine)],
  ['BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', row('CLIENT_WABA_UPDATED', 'waba', fine)],
  ['VOLUME_BASED_PRICING_TIER_UPDATE', row('CLIENT_WABA_UPDATED', 'waba', fine)],
  // "Manage webhooks", and the App Dashboard's test sample
  ['VERIFIED_ACCOUNT', row('CLIENT_WABA_UPDATED', 'waba', fine)],
])

export const isKnownAccountEvent = (event: string): boolean => rows.has(event)

// New members of these families are taken to follow the known ones; every other new event has the WABA as entry id.
const portfolioFamily = /^(?:PARTNER_|MM_LITE_|AD_ACCOUNT_)/

/** Whether the entry id of an event is the account it is about. */
export function entryIdIsWaba(event: string): boolean {
  const entryId = rows.get(event)?.entryId ?? (portfolioFamily.test(event) ? 'portfolio' : 'waba')
  return entryId === 'waba'
}

/*
 * Coexistence: a number that the customer also uses in the WhatsApp Business app leaves or comes back, while the account may
 * stay as it is. "Onboarding business app users" prints these events with the number alone.
 */
const kindsOfNumberEvents: ReadonlyMap<string, EventKind> = new Map([
  ['PARTNER_REMOVED', 'PHONE_NUMBER_DISCONNECTED'],
  ['ACCOUNT_OFFBOARDED', 'PHONE_NUMBER_DISCONNECTED'],
  ['ACCOUNT_RECONNECTED', 'PHONE_NUMBER_RECONNECTED'],
])

/** The kind of an event. An event that names a number and no account is about the number alone. */
export function kindOfAccountEvent(event: string, value: unknown, wabaId: string | null): EventKind {
  const isOfNumber =
    valueAt(value, 'waba_info') === undefined &&
    (valueAt(value, 'phone_number') !== undefined || valueAt(value, 'disconnection_info') !== undefined)
  const kind = (isOfNumber ? kindsOfNumberEvents.get(event) : undefined) ?? rows.get(event)?.kind
  return kind ?? (wabaId === null ? 'OTHER' : 'CLIENT_WABA_UPDATED')
}

/** How serious an event of an account is, and who acts. */
export function verdictOfAccount(event: string | null, value: unknown): Verdict {
  const verdict = rows.get(event ?? '')?.verdict ?? unknown
  return typeof verdict === 'function' ? verdict(value) : verdict
}

function verdictOfRemoval(value: unknown): Verdict {
  return disconnectionOf(value) ? critical('CUSTOMER') : warning('CUSTOMER')
}

function verdictOfCertification(value: unknown): Verdict {
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

/** A restriction of sending messages is more serious than one of calling or of adding numbers. */
function verdictOfRestriction(value: unknown): Verdict {
  const stage = restrictionStageOf('ACCOUNT_RESTRICTION', value)
  if (stage === 'LIFTED') return fine
  if (stage === 'WARNED') return warning('CUSTOMER')
  const types = restrictionsOf(value).map(({ type }) => type)
  const isMinor = types.length > 0 && types.every((type) => minorRestrictions.has(type))
  return isMinor ? warning('CUSTOMER') : critical('CUSTOMER')
}

const minorRestrictions: ReadonlySet<string> = new Set([
  'RESTRICTED_ADD_PHONE_NUMBER_ACTION',
  'RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING',
  'RESTRICTED_BUSINESS_INITIATED_CALLING',
  'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES',
  'RESTRICTED_USER_INITIATED_CALLING',
  'RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN',
  'RESTRICTED_UTILITY_TEMPLATES',
])

function verdictOfBan(value: unknown): Verdict {
  const state = banStateOf(value)
  if (state === 'REINSTATE') return fine
  return state === 'DISABLE' || state === 'SCHEDULE_FOR_DISABLE' ? critical('CUSTOMER') : unknown
}
