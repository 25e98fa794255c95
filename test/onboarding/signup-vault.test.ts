import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChild } from '../support/child.ts'
import { emptyDatabase, query } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { luckyShrub, Play, type Customer, type Json } from '../writes/support/play.ts'

const done = { __typename: 'CompleteEmbeddedSignupPayload' }
const subscribed = { __typename: 'WabaSubscriptionPayload' }
/** Whoever has the token, has it from the code. */
const onlyByCode = { path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 }

describe('the token of a signup, with an encryption key and two instances on one store', () => {
  let play: Play
  let customer: Customer
  let databaseUrl: string

  beforeEach(async () => {
    databaseUrl = await emptyDatabase()
    const encryptionKeys = [randomBytes(32).toString('base64')]
    play = await Play.begin({ databaseUrl, overrides: { encryptionKeys } })
    await play.addGateway()
    customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    await play.control.faults(onlyByCode)
  })
  afterEach(() => play.close())

  const complete = (instance: number): Promise<Json> => {
    const input = { appId: luckyShrub, code: customer.code, wabaId: customer.waba_id }
    return play.mutate('completeEmbeddedSignup', input, instance)
  }
  /** A write that needs the token. */
  const subscribe = (instance: number): Promise<Json> =>
    play.mutate('subscribeAppToWaba', { appId: luckyShrub, wabaId: customer.waba_id }, instance)
  const exchanges = async (): Promise<number> => (await play.writes())['GET /oauth/access_token'] ?? 0
  const tokens = () => query(databaseUrl, 'SELECT kind, subject FROM tokens ORDER BY kind, subject')

  it('is known to both as soon as one has answered, and when that one has gone', async () => {
    expect(await complete(0)).toEqual(done)
    expect(await subscribe(1)).toMatchObject(subscribed)
    await play.closeGateway(0)
    expect(await complete(0)).toEqual(done)
    expect(await exchanges()).toBe(1)
  })

  it('is asked for once when the code is handed in to both at once', async () => {
    const answers = await Promise.all([complete(0), complete(1), complete(0), complete(1)])
    expect(answers).toEqual([done, done, done, done])
    expect(await exchanges()).toBe(1)
    expect(await tokens()).toMatchObject([{ kind: 'GIVEN' }])
  })

  it('survives that both end and another one starts', async () => {
    expect(await complete(0)).toEqual(done)
    await play.closeGateways()
    await play.addGateway()
    expect([await complete(0), await subscribe(0)]).toMatchObject([done, subscribed])
    expect(await exchanges()).toBe(1)
  })

  it('survives kill -9 right after the answer', async () => {
    await play.closeGateways()
    const child = startChild(play.environment())
    const [, url = ''] = await child.says(/(http:\S+)\/graphql/)
    play.urls.push(url)
    expect(await complete(0)).toEqual(done)
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe('SIGKILL')
    play.urls.length = 0
    await play.addGateway()
    expect([await complete(0), await subscribe(0)]).toMatchObject([done, subscribed])
    expect(await exchanges()).toBe(1)
  })

  it('survives kill -9 right after it came, before anybody was answered', async () => {
    await play.closeGateways()
    const child = startChild(play.environment())
    const [, url = ''] = await child.says(/(http:\S+)\/graphql/)
    play.urls.push(url)
    await play.control.faults(onlyByCode, { path: 'debug_token', kind: 'hang' })
    const cut = complete(0).catch(() => 'cut')
    await until(async () => (await tokens()).length > 0)
    child.process.kill('SIGKILL')
    expect([await child.ended, await cut]).toEqual(['SIGKILL', 'cut'])
    play.urls.length = 0
    await play.control.faults(onlyByCode)
    await play.addGateway()
    // As if a minute had gone by: the one that died may no longer be at it.
    await query(databaseUrl, 'UPDATE writes SET started_at = started_at - 60000')
    expect([await complete(0), await subscribe(0)]).toMatchObject([done, subscribed])
    expect(await exchanges()).toBe(1)
    expect(await tokens()).toMatchObject([{ kind: 'GIVEN' }])
  })

  it('is read again by another instance when it was not known yet which account it opens', async () => {
    await play.control.faults(onlyByCode, {
      method: 'GET',
      path: `/${customer.waba_id}`,
      kind: 'error',
      code: 2,
    })
    expect(await complete(0)).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    await play.closeGateway(0)
    await play.control.faults(onlyByCode)
    expect([await complete(0), await subscribe(0)]).toMatchObject([done, subscribed])
    expect(await exchanges()).toBe(1)
  })

  it('goes to the customer on whichever instance the webhook is told to, once it says whose the account is', async () => {
    await play.control.play('webhooks', { appId: luckyShrub, delayMs: 60_000 })
    customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    await play.control.faults(onlyByCode, { kind: 'unknownField', path: '/', field: 'owner_business_info' })
    expect(await complete(1)).toEqual(done)
    expect(await tokens()).toMatchObject([{ kind: 'UNCLAIMED' }])
    expect(await subscribe(0)).toMatchObject({ code: 'TOKEN_INVALID' })
    await play.closeGateway(1)
    const value = {
      event: 'PARTNER_ADDED',
      waba_info: { waba_id: customer.waba_id, owner_business_id: customer.business_id },
    }
    const id = play.config.apps.find(({ appId }) => appId === luckyShrub)?.businessId
    const entry = [{ id, time: Math.floor(Date.now() / 1000), changes: [{ field: 'account_update', value }] }]
    await play.control.webhook(luckyShrub, { object: 'whatsapp_business_account', entry }, { reorder: true })
    expect(await subscribe(0)).toMatchObject(subscribed)
    expect(await tokens()).toMatchObject([{ kind: 'GIVEN', subject: `${customer.business_id}/` }])
  })

  it('is in no row any more when the customer has removed the app', async () => {
    expect(await complete(0)).toEqual(done)
    expect(await tokens()).toHaveLength(1)
    await play.control.play('uninstall', { waba_id: customer.waba_id, app_id: luckyShrub })
    await until(async () => (await tokens()).length === 0)
    for (const instance of [0, 1])
      expect(await complete(instance)).toMatchObject({
        code: 'TOKEN_INVALID',
        message: expect.stringContaining('signs up once more') as string,
      })
  })

  it('is there under the new key alone, once the gateway has run with both', async () => {
    expect(await complete(0)).toEqual(done)
    const [old] = play.config.encryptionKeys
    const next = randomBytes(32).toString('base64')
    const keyIds = () => query(databaseUrl, 'SELECT key_id FROM tokens')
    const before = await keyIds()
    const restartWith = async (...encryptionKeys: string[]): Promise<void> => {
      await play.closeGateways()
      Object.assign(play.config, { encryptionKeys })
      await play.addGateway()
    }
    await restartWith(next, old ?? '')
    await until(async () => JSON.stringify(await keyIds()) !== JSON.stringify(before))
    await restartWith(next)
    expect([await complete(0), await subscribe(0)]).toMatchObject([done, subscribed])
    expect(await exchanges()).toBe(1)
  })

  it('is lost under another key, and that is said as if it had gone', async () => {
    expect(await complete(0)).toEqual(done)
    await play.closeGateways()
    Object.assign(play.config, { encryptionKeys: [randomBytes(32).toString('base64')] })
    await play.addGateway()
    expect(await complete(0)).toMatchObject({ code: 'TOKEN_INVALID' })
    expect(await exchanges()).toBe(1)
  })
})
