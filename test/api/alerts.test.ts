import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { fixturesOn, type Told } from './support/fixtures.ts'

const account = '102290129340398'
let gateway: TestGateway
let told: Told
beforeAll(async () => {
  gateway = await startTestGateway()
  told = fixturesOn(gateway)
})
afterAll(() => gateway.close())

const alert = (selection: string): string =>
  `... on AccountAlertEvent { field code text wabaId subject { type metaId displayPhoneNumber } ${selection} }`

interface Row {
  readonly severity: string
  readonly waitsFor: string | null
  readonly code: string | null
  readonly subject: readonly [type: string, metaId: string | null, displayPhoneNumber?: string]
  readonly text?: string
}

const number = ['PHONE_NUMBER', null, '15550783881'] as const
const template = (id: string) => ['TEMPLATE', id] as const

/** By hand, from Meta's pages. */
const rows: Readonly<Record<string, Row>> = {
  'account-alerts': {
    severity: 'WARNING',
    waitsFor: 'CUSTOMER',
    code: 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED',
    subject: ['PORTFOLIO', '506914307656634'],
    text: 'No higher limits for Lucky Shrub yet.',
  },
  'account-alerts-flat': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: 'OBA_APPROVED',
    subject: ['ACCOUNT', account],
    text: 'A sample.',
  },
  'account-alerts-picture-lost': {
    severity: 'WARNING',
    waitsFor: 'US',
    code: 'PROFILE_PICTURE_LOST',
    subject: ['PHONE_NUMBER', '106540352242922'],
    text: 'The profile photo is gone.',
  },
  'account-review-update': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: 'APPROVED',
    subject: ['ACCOUNT', account],
  },
  'account-settings-update': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: 'phone_number_settings',
    subject: ['PHONE_NUMBER', '106540352242922'],
  },
  'business-capability-update-tiers': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: null,
    subject: ['ACCOUNT', account],
  },
  'message-template-components-update': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: null,
    subject: template('1315502779341834'),
  },
  'message-template-quality-update': {
    severity: 'WARNING',
    waitsFor: 'CUSTOMER',
    code: 'YELLOW',
    subject: template('806312974732579'),
  },
  'message-template-status-update-rejected': {
    severity: 'CRITICAL',
    waitsFor: 'CUSTOMER',
    code: 'REJECTED',
    subject: template('1689556908129835'),
    text: 'Two parameters stand side by side. Put text between them.',
  },
  'message-template-status-update-disabled': {
    severity: 'CRITICAL',
    waitsFor: 'CUSTOMER',
    code: 'DISABLED',
    subject: template('1689556908129835'),
    text: 'It was reported too often.',
  },
  'payment-configuration-update': {
    severity: 'WARNING',
    waitsFor: 'CUSTOMER',
    code: 'Needs Testing',
    subject: ['ACCOUNT', account],
  },
  'phone-number-name-update': {
    severity: 'INFORMATIONAL',
    waitsFor: 'US',
    code: 'APPROVED',
    subject: number,
  },
  'phone-number-name-update-rejected': {
    severity: 'CRITICAL',
    waitsFor: 'CUSTOMER',
    code: 'REJECTED',
    subject: number,
  },
  'phone-number-quality-update': {
    severity: 'INFORMATIONAL',
    waitsFor: null,
    code: 'THROUGHPUT_UPGRADE',
    subject: number,
  },
  security: { severity: 'WARNING', waitsFor: 'CUSTOMER', code: 'PIN_RESET_REQUEST', subject: number },
  'template-category-update': {
    severity: 'WARNING',
    waitsFor: 'CUSTOMER',
    code: 'UTILITY',
    subject: template('278077987957091'),
  },
  'template-category-update-completed': {
    severity: 'WARNING',
    waitsFor: null,
    code: 'MARKETING',
    subject: template('278077987957091'),
  },
  'template-correct-category-detection': {
    severity: 'WARNING',
    waitsFor: 'CUSTOMER',
    code: 'MARKETING',
    subject: template('278077987957091'),
  },
}

describe('an alert of Meta', () => {
  it.each(Object.entries(rows))(
    'in %s says what it is about, how serious it is and whose turn',
    async (name, row) => {
      const [type, metaId, displayPhoneNumber = null] = row.subject
      expect(await told(`alert.${name}`, alert(''))).toEqual({
        ...row,
        __typename: 'AccountAlertEvent',
        kind: 'ACCOUNT_ALERT',
        field: name
          .replace(/-(?:flat|picture-lost|tiers|rejected|disabled|completed)$/, '')
          .replaceAll('-', '_'),
        text: row.text ?? null,
        wabaId: account,
        subject: { type, metaId, displayPhoneNumber },
      })
    },
  )

  it('of a name says what was decided, why, and by when the number has to be registered again', async () => {
    const review = 'nameReview { decision requestedName rejectionReason registerAgainBy }'
    expect((await told('alert.phone-number-name-update', alert(review)))['nameReview']).toEqual({
      decision: 'APPROVED',
      requestedName: 'Lucky Shrub',
      rejectionReason: null,
      registerAgainBy: new Date((1_739_321_024 + 14 * 86_400) * 1000).toISOString(),
    })
    expect((await told('alert.phone-number-name-update-rejected', alert(review)))['nameReview']).toEqual({
      decision: 'REJECTED',
      requestedName: 'Best Shop',
      rejectionReason: 'NAME_FORMAT_UNACCEPTABLE',
      registerAgainBy: null,
    })
  })

  it('of limits tells tiers and numbers alike', async () => {
    const limits =
      'limits { maxDailyConversationsPerPhoneNumber maxDailyConversationsPerBusiness maxPhoneNumbersPerBusiness maxPhoneNumbersPerWaba currentLimit oldLimit }'
    const none = {
      maxDailyConversationsPerPhoneNumber: null,
      maxDailyConversationsPerBusiness: null,
      maxPhoneNumbersPerBusiness: null,
      maxPhoneNumbersPerWaba: null,
      currentLimit: null,
      oldLimit: null,
    }
    expect((await told('alert.business-capability-update', alert(limits)))['limits']).toEqual({
      ...none,
      maxDailyConversationsPerBusiness: '2000',
      maxPhoneNumbersPerWaba: 25,
    })
    expect((await told('alert.business-capability-update-tiers', alert(limits)))['limits']).toEqual({
      ...none,
      maxDailyConversationsPerPhoneNumber: '-1',
      maxDailyConversationsPerBusiness: 'TIER_250',
      maxPhoneNumbersPerBusiness: 2,
    })
    expect((await told('alert.phone-number-quality-update', alert(limits)))['limits']).toEqual({
      ...none,
      currentLimit: 'TIER_UNLIMITED',
    })
  })

  it('of a template tells what changed of it, and never its text', async () => {
    const of = async (name: string, facts: string): Promise<unknown> =>
      (await told(`alert.${name}`, alert(`template { ${facts} }`)))['template']
    expect(await of('message-template-quality-update', 'name language quality previousQuality')).toEqual({
      name: 'welcome_template',
      language: 'en-US',
      quality: 'YELLOW',
      previousQuality: 'GREEN',
    })
    const category = 'category previousCategory correctCategory categoryChangesAt'
    expect(await of('template-category-update', category)).toEqual({
      category: 'UTILITY',
      previousCategory: null,
      correctCategory: 'MARKETING',
      categoryChangesAt: new Date(1_746_169_200_000).toISOString(),
    })
    expect(await of('template-category-update-completed', category)).toEqual({
      category: 'MARKETING',
      previousCategory: 'UTILITY',
      correctCategory: null,
      categoryChangesAt: null,
    })
    expect(await of('message-template-status-update-disabled', 'reason pause disabledAt')).toEqual({
      reason: 'SCAM',
      pause: 'DISABLED',
      disabledAt: new Date(1_751_250_000_000).toISOString(),
    })
    expect(await of('message-template-components-update', 'templateId name language category')).toEqual({
      templateId: '1315502779341834',
      name: 'order_confirmation',
      language: 'en_US',
      category: null,
    })
  })

  it('that has no time of its entry is dated by its own', async () => {
    expect(await told('alert.account-settings-update', '... on Event { occurredAt }')).toMatchObject({
      occurredAt: new Date(1_671_644_824_000).toISOString(),
    })
  })

  it('of the test button is about nobody', async () => {
    const payload = '... on OtherEvent { field payload }'
    expect(await told('alert.account-alerts-dashboard-test', payload)).toMatchObject({
      __typename: 'OtherEvent',
      severity: null,
      field: 'account_alerts',
      payload: { entity_type: 'WABA', entity_id: 123456, alert_type: 'OBA_APPROVED' },
    })
  })

  it('is found by its account and its kind, and as a node', async () => {
    const query = `{
      clientWaba(id: "${account}") { events(first: 100) { edges { node { kind } } } }
      events(filter: { kinds: [ACCOUNT_ALERT], wabaId: "524126980791429" }) { edges { node { id ... on AccountAlertEvent { field wabaId } } } }
    }`
    const { data } = await graphql(gateway.url, query)
    const { edges } = (data as { events: { edges: { node: { id: string } }[] } }).events
    expect(edges).toEqual([
      {
        node: {
          id: expect.any(String) as string,
          field: 'business_capability_update',
          wabaId: '524126980791429',
        },
      },
    ])
    const node = await graphql(gateway.url, `{ node(id: "${edges[0]?.node.id}") { __typename } }`)
    expect(node.data).toEqual({ node: { __typename: 'AccountAlertEvent' } })
  })
})
