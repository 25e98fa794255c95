import { describe, expect, it } from 'vitest'
import { startCallback, subscribe } from './support/callback.ts'
import { lucky, play } from './support/world.ts'

// Fields.WhatsAppBusinessAccount of Meta's Business SDK for Node.js, and the four that its version 26 has beyond them.
const sdkFields = [
  'account_review_status',
  'analytics',
  'auth_international_rate_eligibility',
  'business_verification_status',
  'country',
  'creation_time',
  'currency',
  'health_status',
  'id',
  'is_enabled_for_insights',
  'is_shared_with_partners',
  'linked_commerce_account',
  'marketing_messages_lite_api_status',
  'marketing_messages_onboarding_status',
  'message_template_namespace',
  'name',
  'on_behalf_of_business_info',
  'owner_business',
  'owner_business_info',
  'ownership_type',
  'primary_business_location',
  'primary_funding_id',
  'purchase_order_number',
  'status',
  'timezone_id',
  'whatsapp_business_manager_messaging_limit',
  'disable_marketing_messages_on_cloud_api',
  'marketing_messages_ad_account',
  'template_auto_archival_enabled',
  'whatsapp_manager_marketing_messages_max_price_enroll_status',
]

const phoneFields = [
  'name_status',
  'new_display_name',
  'new_name_status',
  'code_verification_status',
  'quality_rating',
  'throughput',
  'whatsapp_business_manager_messaging_limit',
  'account_mode',
  'platform_type',
  'is_on_biz_app',
  'is_official_business_account',
  'last_onboarded_time',
]

interface Health {
  readonly can_send_message: string
  readonly entities: readonly {
    readonly entity_type: string
    readonly can_send_message: string
    readonly errors?: readonly { readonly error_code: number }[]
  }[]
}

/** One customer's account with a number, and how to read of either. */
async function customer(registered = true) {
  const game = await play({ solutions: 1 })
  const [solution] = game.sim.state().solutions
  const made = await game.control('POST', 'onboard', { solution_id: solution?.id, registered })
  const { waba_id: waba, business_id: business, phone_number_ids } = made.body
  const [phone] = phone_number_ids as string[]
  const token = game.businessToken(lucky, String(business))
  const read = async (id: unknown, fields: readonly string[]) =>
    (await game.ask('GET', `/${id}?fields=${fields.join(',')}`, token)).body
  const health = async (id: unknown) => (await read(id, ['health_status'])).health_status as Health
  return { game, waba: String(waba), business: String(business), phone: String(phone), read, health }
}

const partOf = (health: Health, type: string) =>
  health.entities.find(({ entity_type }) => entity_type === type)

describe('an account', () => {
  it('has every field that Meta’s SDK reads of it', async () => {
    const { waba, read } = await customer()
    expect(await read(waba, sdkFields)).toMatchObject({
      status: 'ACTIVE',
      account_review_status: 'APPROVED',
      primary_business_location: 'US',
      whatsapp_business_manager_messaging_limit: 'TIER_250',
      health_status: { can_send_message: 'BLOCKED' },
    })
  })

  it('says what Meta was made to find about it', async () => {
    const { game, waba, phone, read } = await customer()
    const found = { status: 'SOMETHING_NEW', account_review_status: 'DEFERRED', messaging_limit: 'TIER_10K' }
    await game.control('POST', 'wabas', { id: waba, ...found })
    const limit = { whatsapp_business_manager_messaging_limit: 'TIER_10K' }
    expect(await read(waba, sdkFields)).toMatchObject({
      status: 'SOMETHING_NEW',
      account_review_status: 'DEFERRED',
      ...limit,
    })
    expect(await read(phone, phoneFields)).toMatchObject(limit)
  })

  it('of a portfolio of its own is read with the system token of that', async () => {
    const game = await play({ ownedWabas: 2 })
    const owned = '/506914307656634/owned_whatsapp_business_accounts?fields=id,primary_funding_id'
    expect((await game.ask('GET', owned, game.system(lucky))).body.data).toHaveLength(2)
    const client = '/506914307656634/client_whatsapp_business_accounts'
    expect((await game.ask('GET', client, game.system(lucky))).body.data).toEqual([])
  })
})

describe('a number', () => {
  it('has what onboarding goes by', async () => {
    const { phone, read } = await customer()
    expect(await read(phone, phoneFields)).toEqual({
      id: phone,
      name_status: 'APPROVED',
      new_name_status: 'NONE',
      code_verification_status: 'VERIFIED',
      quality_rating: 'GREEN',
      throughput: { level: 'STANDARD' },
      whatsapp_business_manager_messaging_limit: 'TIER_250',
      account_mode: 'LIVE',
      platform_type: 'CLOUD_API',
      is_on_biz_app: false,
      is_official_business_account: false,
      last_onboarded_time: expect.stringMatching(/\+0000$/) as string,
    })
  })

  it('of the WhatsApp Business app is live without having been registered', async () => {
    const { game, phone, read, health } = await customer(false)
    expect(await read(phone, ['status', 'platform_type'])).toMatchObject({ status: 'PENDING' })
    await game.control('POST', 'phones', { id: phone, is_on_biz_app: true })
    expect(await read(phone, ['status', 'platform_type'])).toMatchObject({
      status: 'CONNECTED',
      platform_type: 'CLOUD_API',
    })
    expect(partOf(await health(phone), 'PHONE_NUMBER')).toMatchObject({ can_send_message: 'AVAILABLE' })
  })

  it('has a name that waits until it waits no more', async () => {
    const { game, phone, read } = await customer()
    const waiting = { new_display_name: 'Kites', new_name_status: 'PENDING_REVIEW' }
    await game.control('POST', 'phones', { id: phone, ...waiting })
    expect(await read(phone, ['new_display_name', 'new_name_status'])).toMatchObject(waiting)
    await game.control('POST', 'phones', { id: phone, new_display_name: null, new_name_status: 'DECLINED' })
    expect(await read(phone, ['new_display_name'])).toEqual({ id: phone })
  })
})

describe('health', () => {
  const codes = (health: Health) =>
    health.entities.flatMap(({ entity_type, errors = [] }) =>
      errors.map(({ error_code }) => `${entity_type} ${error_code}`),
    )

  it('follows from payment, verification and registration', async () => {
    const { game, waba, phone, health } = await customer(false)
    expect(codes(await health(waba))).toEqual(['WABA 141006', 'BUSINESS 141010'])
    expect(codes(await health(phone))).toEqual(['PHONE_NUMBER 133010', 'WABA 141006', 'BUSINESS 141010'])
    await game.control('POST', 'wabas', { id: waba, payment_method: true })
    expect(await health(waba)).toMatchObject({ can_send_message: 'LIMITED' })
    await game.control('POST', 'phones', { id: phone, is_on_biz_app: true })
    expect(codes(await health(phone))).toEqual(['BUSINESS 141010'])
  })

  it('is as bad as its worst part, and may be made to say anything', async () => {
    const { game, waba, business, health } = await customer()
    await game.control('POST', 'wabas', { id: waba, payment_method: true })
    const set = (id: string, entity: object | null) => game.control('POST', 'health', { id, entity })
    await set(business, { can_send_message: 'AVAILABLE', errors: [] })
    expect(await health(waba)).toMatchObject({ can_send_message: 'AVAILABLE' })
    await set(lucky, { can_send_message: 'HALF', can_receive_call_sip: 'BLOCKED' })
    expect(await health(waba)).toMatchObject({
      can_send_message: 'HALF',
      entities: [{}, {}, { entity_type: 'APP', id: lucky, can_receive_call_sip: 'BLOCKED' }],
    })
    await set(lucky, null)
    expect(await health(waba)).toMatchObject({ can_send_message: 'AVAILABLE' })
    expect((await set('1', {})).status).toBe(404)
  })
})

describe('a restriction', () => {
  it('goes out with the account as entry id, limits it until its end, and a ban blocks it', async () => {
    const { game, waba, health } = await customer()
    const callback = await startCallback()
    await subscribe(game, lucky, callback.url, 'account_update')
    const info = [
      {
        restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING',
        expiration: Math.floor(Date.now() / 1000) + 60,
      },
    ]
    await game.control('POST', 'wabas', { id: waba, payment_method: true, restriction_info: info })
    expect(partOf(await health(waba), 'WABA')).toMatchObject({ can_send_message: 'LIMITED' })
    await game.control('POST', 'clock', { advanceMs: 61_000 })
    expect(partOf(await health(waba), 'WABA')).toMatchObject({ can_send_message: 'AVAILABLE' })
    await game.control('POST', 'wabas', { id: waba, waba_ban_state: 'DISABLE' })
    expect(partOf(await health(waba), 'WABA')).toMatchObject({ can_send_message: 'BLOCKED' })
    await callback.count(2)
    const entries = callback.deliveries.map(({ body }) => body.entry[0])
    expect(entries).toMatchObject([
      { id: waba, changes: [{ value: { event: 'ACCOUNT_RESTRICTION', restriction_info: info } }] },
      { id: waba, changes: [{ value: { ban_info: { waba_ban_state: 'DISABLE' } } }] },
    ])
  })
})
