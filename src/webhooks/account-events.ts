import type { EventKind } from '../events/event.ts'
import { type JsonObject, valueAt } from '../lib/value.ts'

/**
 * What the entry id is. Meta's page "account_update" calls it the WABA throughout; its own examples have the
 * receiving partner's business portfolio there for every event that says which account it is about in `waba_info`.
 */
type EntryIs = 'waba' | 'portfolio'

interface AccountEvent {
  readonly kind: EventKind
  readonly entry: EntryIs
}

/** The 16 events of Meta's page "account_update" and two that only the partner guides have (marked). */
const known: ReadonlyMap<string, AccountEvent> = new Map<string, AccountEvent>([
  ['PARTNER_ADDED', { kind: 'CLIENT_WABA_ONBOARDED', entry: 'portfolio' }],
  ['PARTNER_APP_INSTALLED', { kind: 'CLIENT_WABA_APP_INSTALLED', entry: 'portfolio' }],
  ['PARTNER_APP_UNINSTALLED', { kind: 'CLIENT_WABA_APP_UNINSTALLED', entry: 'portfolio' }],
  ['PARTNER_REMOVED', { kind: 'CLIENT_WABA_REMOVED', entry: 'portfolio' }],
  ['PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE', { kind: 'BUSINESS_VERIFICATION_UPDATED', entry: 'waba' }],
  // "Manage webhooks" of the solution provider guides
  ['PARTNER_CLIENT_CERTIFICATION_NEEDED', { kind: 'BUSINESS_VERIFICATION_UPDATED', entry: 'waba' }],
  ['ACCOUNT_DELETED', { kind: 'CLIENT_WABA_REMOVED', entry: 'waba' }],
  ['ACCOUNT_OFFBOARDED', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['ACCOUNT_RECONNECTED', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['ACCOUNT_RESTRICTION', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['ACCOUNT_VIOLATION', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['DISABLED_UPDATE', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  // The account in "Marketing Messages onboarding", the portfolio in "account_update": never taken for the WABA.
  ['AD_ACCOUNT_LINKED', { kind: 'CLIENT_WABA_UPDATED', entry: 'portfolio' }],
  ['MM_LITE_TERMS_SIGNED', { kind: 'CLIENT_WABA_UPDATED', entry: 'portfolio' }],
  ['AUTH_INTL_PRICE_ELIGIBILITY_UPDATE', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  ['VOLUME_BASED_PRICING_TIER_UPDATE', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
  // "Manage webhooks", and the App Dashboard's test sample
  ['VERIFIED_ACCOUNT', { kind: 'CLIENT_WABA_UPDATED', entry: 'waba' }],
])

// New members of these families are taken to follow their elders; every other new event has the WABA as entry id.
const portfolioFamily = /^(?:PARTNER_|MM_LITE_|AD_ACCOUNT_)/

/** The kind of an event that is not in the table depends on whether its WABA is known: null here. */
export function accountEventRow(event: string): { kind: EventKind | null; entry: EntryIs } {
  return known.get(event) ?? { kind: null, entry: portfolioFamily.test(event) ? 'portfolio' : 'waba' }
}

export const isKnownAccountEvent = (event: string): boolean => known.has(event)

/*
 * Coexistence: a number of the customer's, used in the WhatsApp Business app as well, leaves or comes back while the
 * account may stay as it is. "Onboarding business app users" prints these with the number alone.
 */
const ofNumber: ReadonlyMap<string, EventKind> = new Map([
  ['PARTNER_REMOVED', 'PHONE_NUMBER_DISCONNECTED'],
  ['ACCOUNT_OFFBOARDED', 'PHONE_NUMBER_DISCONNECTED'],
  ['ACCOUNT_RECONNECTED', 'PHONE_NUMBER_RECONNECTED'],
])

/** With what else the change says: one that names a number, and no account, tells of no account that left. */
export function kindOfAccountEvent(event: string, value: JsonObject, wabaId: string | null): EventKind {
  const isOfNumber =
    valueAt(value, 'waba_info') === undefined &&
    (valueAt(value, 'phone_number') !== undefined || valueAt(value, 'disconnection_info') !== undefined)
  const kind = (isOfNumber ? ofNumber.get(event) : undefined) ?? accountEventRow(event).kind
  return kind ?? (wabaId === null ? 'OTHER' : 'CLIENT_WABA_UPDATED')
}
