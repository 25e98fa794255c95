import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { fixturesOn, type Told } from './support/fixtures.ts'

const account = '102290129340398'
let gateway: TestGateway
let told: Told
beforeAll(async () => {
  gateway = await startTestGateway()
  told = fixturesOn(gateway)
})
afterAll(() => gateway.close())

describe('an event of an account', () => {
  const on = (facts: string): string => `... on ClientWabaEvent { event wabaId ${facts} }`
  const restriction =
    'restrictionStage restrictions { type expiresAt remediation } violation { type remediation }'

  it('that restricts it says what, and until when', async () => {
    const expiresAt = new Date(1_641_330_498_000).toISOString()
    expect(await told('account-restriction', on(restriction))).toMatchObject({
      severity: 'CRITICAL',
      waitsFor: 'CUSTOMER',
      restrictionStage: 'RESTRICTED',
      restrictions: [
        { type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiresAt, remediation: null },
        { type: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION', expiresAt, remediation: null },
      ],
    })
  })

  it('that only warns, restricts something smaller, or lifts is told as that', async () => {
    expect(await told('account-restriction.direct-send-warning', on(restriction))).toMatchObject({
      severity: 'WARNING',
      restrictionStage: 'WARNED',
      restrictions: [],
      violation: { type: 'DIRECT_SEND_UTILITY_CATEGORY_ABUSE_WARN', remediation: null },
    })
    expect(await told('account-restriction.direct-send-quoted-times', on(restriction))).toMatchObject({
      severity: 'WARNING',
      restrictionStage: 'RESTRICTED',
      restrictions: [{ expiresAt: new Date(1_788_604_800_000).toISOString() }],
    })
    expect(await told('account-restriction.direct-send-lifted', on(restriction))).toMatchObject({
      severity: 'INFORMATIONAL',
      waitsFor: null,
      restrictionStage: 'LIFTED',
    })
  })

  it.each([
    ['disabled-update.disable', 'CRITICAL', 'DISABLE'],
    ['disabled-update.schedule-for-disable', 'CRITICAL', 'SCHEDULE_FOR_DISABLE'],
    ['disabled-update.reinstate', 'INFORMATIONAL', 'REINSTATE'],
    ['disabled-update.state-as-list', expect.any(String), expect.any(String)],
  ])('in %s says whether it is disabled, and the day', async (name, severity, state) => {
    expect(await told(name, on('ban { state date reportedDate }'))).toMatchObject({
      severity,
      ban: { state, date: '2025-04-17', reportedDate: 'April 17, 2025' },
    })
  })

  it('tells what else Meta has decided about it', async () => {
    expect(await told('account-violation', on(restriction))).toMatchObject({
      severity: 'WARNING',
      waitsFor: 'CUSTOMER',
      violation: { type: 'ADULT' },
    })
    expect(await told('account-deleted', on(''))).toMatchObject({ severity: 'CRITICAL', waitsFor: null })
    const rates = 'internationalRates { startsAt exceptions { country startsAt } }'
    expect(await told('auth-intl-price-eligibility-update', on(rates))).toMatchObject({
      severity: 'INFORMATIONAL',
      internationalRates: {
        startsAt: new Date(1_748_780_624_000).toISOString(),
        exceptions: [{ country: 'ID', startsAt: new Date(1_751_347_424_000).toISOString() }],
      },
    })
    expect(await told('business-primary-location-country-update', on('primaryCountry'))).toMatchObject({
      primaryCountry: 'IN',
    })
    expect(
      await told(
        'volume-based-pricing-tier-update',
        on('volumeTier { tier region category effectiveMonth }'),
      ),
    ).toMatchObject({
      volumeTier: {
        tier: '25000001:50000000',
        region: 'India',
        category: 'UTILITY',
        effectiveMonth: '2025-11',
      },
    })
    expect(
      await told('certification-status.failed', on('certification { status rejectionReasons }')),
    ).toMatchObject({
      severity: 'CRITICAL',
      waitsFor: 'US',
      certification: {
        status: 'FAILED',
        rejectionReasons: ['LEGAL_NAME_NOT_FOUND_IN_DOCUMENTS', 'WEBSITE_NOT_MATCHING'],
      },
    })
    expect(await told('ad-account-linked', on('adAccountId'))).toMatchObject({
      adAccountId: '980198427534243',
    })
  })

  it('that one number of it left says which, and why', async () => {
    const facts = on('displayPhoneNumber disconnection { reason initiatedBy }')
    expect(await told('partner-removed.coexistence', facts)).toEqual({
      __typename: 'ClientWabaEvent',
      kind: 'PHONE_NUMBER_DISCONNECTED',
      severity: 'CRITICAL',
      waitsFor: 'CUSTOMER',
      event: 'PARTNER_REMOVED',
      wabaId: account,
      displayPhoneNumber: '15550783881',
      disconnection: { reason: 'PRIMARY_INACTIVITY', initiatedBy: 'SYSTEM' },
    })
    expect(await told('account-reconnected.number', facts)).toMatchObject({
      kind: 'PHONE_NUMBER_RECONNECTED',
      severity: 'INFORMATIONAL',
      displayPhoneNumber: '15550783881',
      disconnection: null,
    })
  })

  it('that a customer came says what the partner knows the customer by', async () => {
    expect(await told('partner-added.tracking-code', on('trackingCode'))).toMatchObject({
      kind: 'CLIENT_WABA_ONBOARDED',
      trackingCode: '7d0e11aa-0000-4000-8000-0123456789ab',
    })
  })
})

describe('news of a solution that this release does not know', () => {
  it.each([
    [
      'solution-unknown-event.attached',
      { event: 'SOLUTION_ATTACHED', partner_business_id: '520744086200222' },
    ],
    [
      'solution-unknown-event.removed',
      { event: 'PARTNER_SOLUTION_REMOVED', partner_solution_id: '795000033057732' },
    ],
  ])('in %s are kept', async (name, payload) => {
    expect(await told(name, '... on OtherEvent { field payload }')).toMatchObject({
      kind: 'OTHER',
      field: 'partner_solutions',
      payload: { solution_id: '795000033057731', ...payload },
    })
  })

  it('are told as reported', async () => {
    const facts = '... on SolutionEvent { solutionId reportedStatus }'
    expect(await told('solution-updated.unknown-status', facts)).toMatchObject({
      kind: 'SOLUTION_UPDATED',
      reportedStatus: 'PENDING_REVIEW',
    })
  })
})
