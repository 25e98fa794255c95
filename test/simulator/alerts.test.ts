import { describe, expect, it } from 'vitest'
import { accountFields, knownFields } from '../../src/simulator/webhooks/subscriptions.ts'
import { startCallback, subscribe, type Callback } from './support/callback.ts'
import { lucky, play, type Play } from './support/world.ts'

interface Customer {
  readonly game: Play
  readonly callback: Callback
  readonly waba: string
  readonly phone: string
  readonly business: string
}

/** A customer of Lucky Shrub's, whose account and whose fields the app is subscribed to. */
async function customerOf(fields = accountFields.join(',')): Promise<Customer> {
  const game = await play()
  const callback = await startCallback()
  await subscribe(game, lucky, callback.url, fields)
  const { body } = await game.control('POST', 'onboard', { app_id: lucky })
  const { waba_id: waba, business_id: business } = body as { waba_id: string; business_id: string }
  const [phone = ''] = body['phone_number_ids'] as string[]
  await game.ask('POST', `/${waba}/subscribed_apps`, game.businessToken(lucky, business))
  await callback.count(1)
  return { game, callback, waba, phone, business }
}

const last = ({ callback }: Customer) => callback.deliveries.at(-1)?.body.entry[0]

describe('POST /__sim/alerts', () => {
  const shapes: Readonly<Record<string, object>> = {
    account_alerts: { alert_type: 'OBA_REJECTED', alert_severity: 'CRITICAL' },
    account_review_update: { decision: 'REJECTED' },
    account_settings_update: {},
    business_capability_update: { max_daily_conversations_per_business: 2000 },
    message_template_components_update: {},
    message_template_quality_update: { previous_quality_score: 'GREEN', new_quality_score: 'RED' },
    message_template_status_update: {
      event: 'PAUSED',
      other_info: { title: 'FIRST_PAUSE', description: 'x' },
    },
    payment_configuration_update: { status: 'Needs Testing' },
    phone_number_name_update: { decision: 'APPROVED' },
    phone_number_quality_update: { event: 'FLAGGED' },
    security: { event: 'PIN_RESET_REQUEST' },
    template_category_update: { previous_category: 'UTILITY', new_category: 'MARKETING' },
    template_correct_category_detection: { category: 'UTILITY', correct_category: 'MARKETING' },
  }

  it('knows every field that tells of accounts, numbers and templates', () => {
    const alerts = accountFields.filter((name) => !['account_update', 'partner_solutions'].includes(name))
    expect(Object.keys(shapes)).toEqual(alerts)
    for (const name of accountFields) expect(knownFields).toContain(name)
  })

  it('sends each in the shape of its page, with the account as entry id', async () => {
    const customer = await customerOf()
    for (const [index, [field, members]] of Object.entries(shapes).entries()) {
      const { status, body } = await customer.game.control('POST', 'alerts', {
        waba_id: customer.waba,
        field,
        ...members,
      })
      expect([status, body['webhooks']]).toEqual([200, [lucky]])
      await customer.callback.count(index + 2)
      expect(last(customer)).toMatchObject({ id: customer.waba, changes: [{ field, value: body['value'] }] })
    }
  })

  it('names numbers by their digits, and in account_alerts by their id', async () => {
    const customer = await customerOf()
    const { waba: waba_id, phone } = customer
    const security = { waba_id, field: 'security', event: 'PIN_CHANGED' }
    const { body } = await customer.game.control('POST', 'alerts', security)
    expect(body['value']).toEqual({
      display_phone_number: expect.stringMatching(/^\d{8,15}$/) as string,
      event: 'PIN_CHANGED',
      requester: expect.any(String) as string,
    })
    const alert = { alert_type: 'PROFILE_PICTURE_LOST', entity_type: 'PHONE_NUMBER', entity_id: phone }
    const named = await customer.game.control('POST', 'alerts', {
      waba_id,
      field: 'account_alerts',
      ...alert,
    })
    expect(named.body['value']).toMatchObject({
      entity_type: 'PHONE_NUMBER',
      entity_id: phone,
      alert_info: { alert_type: 'PROFILE_PICTURE_LOST', alert_severity: 'WARNING', alert_status: 'ACTIVE' },
    })
  })

  it('tells nobody who is subscribed to the field or to the account alone', async () => {
    const review = (waba_id: string) => ({ waba_id, field: 'account_review_update', decision: 'APPROVED' })
    const without = await customerOf('account_update')
    expect((await without.game.control('POST', 'alerts', review(without.waba))).body['webhooks']).toEqual([])
    const { game } = await customerOf()
    const { body } = await game.control('POST', 'onboard', { app_id: lucky })
    const told = await game.control('POST', 'alerts', review(String(body['waba_id'])))
    expect(told.body['webhooks']).toEqual([])
  })

  it.each([
    [404, { waba_id: '1', field: 'account_review_update', decision: 'APPROVED' }],
    [400, { waba_id: '1', field: 'messages' }],
    [400, { waba_id: '1', field: 'account_review_update' }],
    [400, { waba_id: '1', field: 'account_review_update', decision: 'APPROVED', note: 'x' }],
  ])('answers %i to %j', async (status, input) => {
    const { control } = await play()
    expect((await control('POST', 'alerts', input)).status).toBe(status)
  })
})

describe('what is played by the other routes', () => {
  it.each([
    [
      'phones',
      { new_display_name: 'Best Shop', new_name_status: 'APPROVED' },
      'phone_number_name_update',
      { decision: 'APPROVED', requested_verified_name: 'Best Shop', rejection_reason: null },
    ],
    ['phones', { name_status: 'DECLINED' }, 'phone_number_name_update', { decision: 'REJECTED' }],
    ['phones', { throughput: 'HIGH' }, 'phone_number_quality_update', { event: 'THROUGHPUT_UPGRADE' }],
    ['phones', { pin: '123456' }, 'security', { event: 'PIN_CHANGED' }],
    ['phones', { is_official_business_account: true }, 'account_alerts', { entity_type: 'PHONE_NUMBER' }],
    ['wabas', { account_review_status: 'REJECTED' }, 'account_review_update', { decision: 'REJECTED' }],
    [
      'wabas',
      { messaging_limit: 'TIER_2K' },
      'business_capability_update',
      { max_daily_conversations_per_business: 'TIER_2K' },
    ],
  ] as const)('by %s with %j is told as %s', async (route, change, field, value) => {
    const customer = await customerOf()
    const id = route === 'phones' ? customer.phone : customer.waba
    const { body } = await customer.game.control('POST', route, { id, ...change })
    expect(body['webhooks']).toEqual([lucky])
    await customer.callback.count(2)
    expect(last(customer)).toMatchObject({ id: customer.waba, changes: [{ field, value }] })
  })

  it('as a number leaving the WhatsApp Business app is told with the number, and no account', async () => {
    const customer = await customerOf()
    await customer.game.control('POST', 'phones', { id: customer.phone, is_on_biz_app: true })
    const { body } = await customer.game.control('POST', 'phones', {
      id: customer.phone,
      is_on_biz_app: false,
    })
    expect(body['webhooks']).toEqual([lucky])
    await customer.callback.count(2)
    const disconnection_info = { reason: 'ACCOUNT_DISCONNECTED', initiated_by: 'USER' }
    const [change] = last(customer)?.changes ?? []
    expect(last(customer)?.id).toBe(customer.waba)
    expect(change).toEqual({
      field: 'account_update',
      value: {
        event: 'PARTNER_REMOVED',
        phone_number: expect.stringMatching(/^\d+$/) as string,
        disconnection_info,
      },
    })
  })

  it('of which no page has a webhook, or that changes nothing, is told to nobody', async () => {
    const { game, phone, waba } = await customerOf()
    for (const change of [
      { quality_rating: 'RED' },
      { name_status: 'EXPIRED' },
      { pin: null },
      { is_on_biz_app: false },
    ])
      expect((await game.control('POST', 'phones', { id: phone, ...change })).body['webhooks']).toEqual([])
    expect(
      (await game.control('POST', 'wabas', { id: waba, payment_method: true })).body['webhooks'],
    ).toEqual([])
  })
})
