import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, type Customer, type Json } from '../writes/support/play.ts'

const done = { __typename: 'CompleteEmbeddedSignupPayload' }
const onlyByCode = { path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 }

describe('the account that a signup’s token opens', () => {
  let play: Play
  let customer: Customer

  beforeEach(async () => {
    play = await Play.begin()
    customer = await signUp()
  })
  afterEach(() => play.close())

  const signUp = (): Promise<Customer> => play.control.play<Customer>('onboard', { app_id: luckyShrub })
  const faults = (...rules: object[]): Promise<void> => play.control.faults(onlyByCode, ...rules)
  const complete = (more: Json = {}): Promise<Json> =>
    play.mutate('completeEmbeddedSignup', {
      appId: luckyShrub,
      code: customer.code,
      wabaId: customer.waba_id,
      ...more,
    })
  const exchanges = async (): Promise<number> => (await play.writes())['GET /oauth/access_token'] ?? 0
  /** The token is there and works. */
  const subscribe = (): Promise<Json> =>
    play.mutate('subscribeAppToWaba', { appId: luckyShrub, wabaId: customer.waba_id })
  const subscribed = { __typename: 'WabaSubscriptionPayload' }
  const webhook = (): Promise<number[]> =>
    play.control.webhook(
      luckyShrub,
      {
        object: 'whatsapp_business_account',
        entry: [
          {
            id: play.config.apps.find(({ appId }) => appId === luckyShrub)?.businessId,
            time: Math.floor(Date.now() / 1000),
            changes: [
              {
                field: 'account_update',
                value: {
                  event: 'PARTNER_ADDED',
                  waba_info: { waba_id: customer.waba_id, owner_business_id: customer.business_id },
                },
              },
            ],
          },
        ],
      },
      { reorder: true },
    )

  it.each([
    ['Graph says nothing of the token', { path: 'debug_token', kind: 'error', code: 2 }],
    [
      'Graph calls it invalid',
      { path: 'debug_token', kind: 'error', status: 200, body: { data: invalid() } },
    ],
    [
      'its scopes are of a shape that nobody knows',
      { path: 'debug_token', kind: 'error', status: 200, body: odd() },
    ],
    [
      'its scopes name other accounts',
      { path: 'debug_token', kind: 'error', status: 200, body: { data: other() } },
    ],
  ])('is found by reading it, although %s', async (_, rule) => {
    await faults(rule)
    expect(await complete()).toEqual(done)
    expect(await subscribe()).toMatchObject(subscribed)
  })

  function invalid(): object {
    return { is_valid: false, scopes: [] }
  }

  function odd(): object {
    return { data: { is_valid: true, scopes: 'whatsapp', granular_scopes: { all: true } } }
  }

  function other(): object {
    const scope = { scope: 'whatsapp_business_management', target_ids: ['1'] }
    return { app_id: luckyShrub, is_valid: true, granular_scopes: [scope] }
  }

  it('is among those that have just come where neither the page nor the token names it', async () => {
    await webhook()
    await faults({ path: 'debug_token', kind: 'error', code: 200 })
    expect(await complete({ wabaId: null })).toEqual(done)
    expect(await subscribe()).toMatchObject(subscribed)
  })

  it('is none of another customer', async () => {
    const other = await signUp()
    expect(await complete({ wabaId: other.waba_id })).toMatchObject({ code: 'NOT_PERMITTED' })
  })

  it('can be named anew when it was named wrongly: the token is kept, and the code is not sent again', async () => {
    const other = await signUp()
    await faults()
    expect(await complete({ wabaId: other.waba_id })).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(await complete()).toEqual(done)
    expect(await exchanges()).toBe(1)
    expect(await subscribe()).toMatchObject(subscribed)
    expect(await complete({ wabaId: other.waba_id })).toMatchObject({ code: 'CONFLICT' })
  })

  it('is read again by the same call when Graph is down right after the exchange', async () => {
    await faults({ method: 'GET', path: `/${customer.waba_id}`, kind: 'error', code: 2 })
    expect(await complete()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    await faults()
    expect(await complete()).toEqual(done)
    expect(await exchanges()).toBe(1)
    expect(await subscribe()).toMatchObject(subscribed)
  })

  it('is not known after a restart when it was not before: the customer signs up once more', async () => {
    await faults({ method: 'GET', path: `/${customer.waba_id}`, kind: 'error', code: 2 })
    expect(await complete()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    await play.closeGateways()
    await play.addGateway()
    await faults()
    expect(await complete()).toMatchObject({
      code: 'TOKEN_INVALID',
      message: expect.stringContaining('signs up once more') as string,
    })
    expect(await exchanges()).toBe(1)
  })

  it('needs no owner that can be read: the log says who it is', async () => {
    await webhook()
    await faults({ kind: 'unknownField', path: '/', field: 'owner_business_info' })
    expect(await complete()).toEqual(done)
    await faults()
    expect(await subscribe()).toMatchObject(subscribed)
  })

  it('has no owner until somebody tells, and then its token is the customer’s', async () => {
    await play.control.play('webhooks', { appId: luckyShrub, delayMs: 60_000 })
    customer = await signUp()
    await faults({ kind: 'unknownField', path: '/', field: 'owner_business_info' })
    expect(await complete()).toEqual(done)
    expect(await complete()).toEqual(done)
    expect(await subscribe()).toMatchObject({ code: 'TOKEN_INVALID' })
    await webhook()
    expect(await subscribe()).toMatchObject(subscribed)
  })
})
