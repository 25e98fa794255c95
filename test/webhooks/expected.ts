import type { ClassifiedChange } from '../../src/webhooks/classify.ts'

type Expected = Partial<Omit<ClassifiedChange, 'details'>> &
  Pick<ClassifiedChange, 'kind'> & { field: string }

// Written by hand from the fixtures and Meta's pages; whatever is not named is null, or false.
const account = 'account_update'
const solutions = 'partner_solutions'
const waba = '102290129340398'
const client = { wabaId: '980198427658004', ownerBusinessId: '2329417887457253' }

const updated = (event: string, more: object = { wabaId: waba }): Expected => ({
  field: account,
  kind: 'CLIENT_WABA_UPDATED',
  event,
  ...more,
})
const certification: Expected = {
  field: account,
  kind: 'BUSINESS_VERIFICATION_UPDATED',
  event: 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE',
  wabaId: waba,
  ownerBusinessId: '2729063490586005',
}
const test = (event: string): Expected => ({ field: account, kind: 'OTHER', event, isTest: true })
const solution = (event: 'SOLUTION_CREATED' | 'SOLUTION_UPDATED', reportedStatus: string): Expected => ({
  field: solutions,
  kind: event,
  event,
  solutionId: '774485461512159',
  reportedStatus,
})

export const expected: Readonly<Record<string, Expected>> = {
  'partner-added.solution': {
    field: account,
    kind: 'CLIENT_WABA_ONBOARDED',
    event: 'PARTNER_ADDED',
    solutionId: '1715120619246906',
    ...client,
  },
  'partner-added.second-partner': {
    field: account,
    kind: 'CLIENT_WABA_ONBOARDED',
    event: 'PARTNER_ADDED',
    solutionId: '1715120619246906',
    ...client,
  },
  'partner-added.alone': {
    field: account,
    kind: 'CLIENT_WABA_ONBOARDED',
    event: 'PARTNER_ADDED',
    wabaId: '495709166956424',
    ownerBusinessId: '942647313864044',
  },
  'partner-app-installed.solution': {
    field: account,
    kind: 'CLIENT_WABA_APP_INSTALLED',
    event: 'PARTNER_APP_INSTALLED',
    wabaId: '1191624265890717',
    ownerBusinessId: '2329417887457253',
    partnerAppId: '5731794616896507',
    solutionId: '1715120619246906',
  },
  'partner-app-installed.alone': {
    field: account,
    kind: 'CLIENT_WABA_APP_INSTALLED',
    event: 'PARTNER_APP_INSTALLED',
    wabaId: '1191624265890717',
    ownerBusinessId: '2329417887457253',
    partnerAppId: '5731794616896507',
  },
  'partner-app-uninstalled': {
    field: account,
    kind: 'CLIENT_WABA_APP_UNINSTALLED',
    event: 'PARTNER_APP_UNINSTALLED',
    wabaId: '184943124712545',
    ownerBusinessId: '1284923862322270',
    partnerAppId: '869361281603019',
  },
  'partner-app-uninstalled.bare': {
    field: account,
    kind: 'CLIENT_WABA_APP_UNINSTALLED',
    event: 'PARTNER_APP_UNINSTALLED',
  },
  'partner-removed': { field: account, kind: 'CLIENT_WABA_REMOVED', event: 'PARTNER_REMOVED', ...client },
  'partner-removed.disconnected': {
    field: account,
    kind: 'CLIENT_WABA_REMOVED',
    event: 'PARTNER_REMOVED',
    ...client,
  },
  'partner-removed.coexistence': {
    field: account,
    kind: 'CLIENT_WABA_REMOVED',
    event: 'PARTNER_REMOVED',
    wabaId: waba,
  },
  'certification-status.approved': certification,
  'certification-status.pending': certification,
  'certification-status.discarded': certification,
  'certification-status.revoked': certification,
  'certification-status.failed': certification,
  'certification-needed': {
    field: account,
    kind: 'BUSINESS_VERIFICATION_UPDATED',
    event: 'PARTNER_CLIENT_CERTIFICATION_NEEDED',
    wabaId: '102289599326934',
    ownerBusinessId: '942647313864044',
  },
  'account-deleted': { field: account, kind: 'CLIENT_WABA_REMOVED', event: 'ACCOUNT_DELETED', wabaId: waba },
  'account-offboarded': updated('ACCOUNT_OFFBOARDED'),
  'account-reconnected': updated('ACCOUNT_RECONNECTED'),
  'account-restriction': updated('ACCOUNT_RESTRICTION'),
  'account-restriction.direct-send-warning': updated('ACCOUNT_RESTRICTION'),
  'account-restriction.direct-send-quoted-times': updated('ACCOUNT_RESTRICTION'),
  'account-restriction.direct-send-lifted': updated('ACCOUNT_RESTRICTION'),
  'account-restriction.calling-example': test('ACCOUNT_RESTRICTION'),
  'account-restriction.call-button-hidden': test('ACCOUNT_RESTRICTION'),
  'account-violation': updated('ACCOUNT_VIOLATION'),
  'account-violation.calling-example': test('ACCOUNT_VIOLATION'),
  'disabled-update.disable': updated('DISABLED_UPDATE'),
  'disabled-update.reinstate': updated('DISABLED_UPDATE'),
  'disabled-update.schedule-for-disable': updated('DISABLED_UPDATE'),
  'disabled-update.state-as-list': updated('DISABLED_UPDATE'),
  'ad-account-linked': updated('AD_ACCOUNT_LINKED', client),
  'ad-account-linked.onboarding-guide': updated('AD_ACCOUNT_LINKED', client),
  'mm-lite-terms-signed': updated('MM_LITE_TERMS_SIGNED', client),
  'auth-intl-price-eligibility-update': updated('AUTH_INTL_PRICE_ELIGIBILITY_UPDATE'),
  'business-primary-location-country-update': updated('BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE'),
  'volume-based-pricing-tier-update': updated('VOLUME_BASED_PRICING_TIER_UPDATE'),
  'verified-account': updated('VERIFIED_ACCOUNT', { wabaId: '495709166956424' }),
  'dashboard-test.verified-account': test('VERIFIED_ACCOUNT'),
  'unknown-event.account': updated('PHONE_NUMBER_QUALITY_UPDATE'),
  'unknown-event.partner': { field: account, kind: 'OTHER', event: 'PARTNER_RENAMED' },
  'solution-created.initiated': solution('SOLUTION_CREATED', 'INITIATED'),
  'solution-created.draft': solution('SOLUTION_CREATED', 'DRAFT'),
  'solution-updated.initiated': solution('SOLUTION_UPDATED', 'INITIATED'),
  'solution-updated.active': solution('SOLUTION_UPDATED', 'ACTIVE'),
  'solution-updated.rejected': solution('SOLUTION_UPDATED', 'REJECTED'),
  'solution-updated.pending-deactivation': solution('SOLUTION_UPDATED', 'PENDING_DEACTIVATION'),
  'solution-updated.deactivated': solution('SOLUTION_UPDATED', 'DEACTIVATED'),
  'solution-updated.pending': solution('SOLUTION_UPDATED', 'PENDING'),
  'solution-unknown-event': {
    field: solutions,
    kind: 'OTHER',
    event: 'SOLUTION_RENAMED',
    solutionId: '774485461512159',
    reportedStatus: 'ACTIVE',
  },
  'unknown-field': { field: 'a_field_meta_has_not_published', kind: 'OTHER' },
  'unknown-object': { field: 'business_integration_install', kind: 'OTHER', event: 'INSTALLED' },
}
