import { createHmac } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { type Play, codeOf, lucky, play, social } from './support/world.ts'

const secretOf = (game: Play, app: string) =>
  game.sim.state().apps.find(({ appId }) => appId === app)?.appSecret ?? ''
const query = (values: Record<string, string>) => new URLSearchParams(values).toString()
const client = (game: Play, app = lucky) => ({ client_id: app, client_secret: secretOf(game, app) })
const proofOf = (game: Play, app: string, token: string) =>
  createHmac('sha256', secretOf(game, app)).update(token).digest('hex')

describe('the code of Embedded Signup', () => {
  const exchange = (game: Play, values: Record<string, string>, method = 'GET') =>
    game.ask(method, `/v26.0/oauth/access_token?${query(values)}`)

  it('is exchanged for the business token, once', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'onboard', { app_id: lucky })
    const given = { ...client(game), code: String(body.code) }
    expect((await exchange(game, given)).body).toEqual({
      access_token: game.businessToken(lucky, String(body.business_id)),
    })
    expect((await exchange(game, given)).body.error).toMatchObject({ code: 100, error_subcode: 36_009 })
  })

  it('lives for 30 seconds', async () => {
    const game = await play()
    const [first, second] = [
      (await game.control('POST', 'onboard', {})).body.code,
      (await game.control('POST', 'onboard', {})).body.code,
    ]
    await game.control('POST', 'clock', { advanceMs: 25_000 })
    expect((await exchange(game, { ...client(game), code: String(first) })).status).toBe(200)
    await game.control('POST', 'clock', { advanceMs: 10_000 })
    const late = await exchange(game, { ...client(game), code: String(second) })
    expect(late.body.error).toMatchObject({ code: 100, error_subcode: 36_007 })
  })

  it('of a dialog that redirects takes the address of the dialog, and any other leaves it as it was', async () => {
    const game = await play()
    const redirect_uri = 'https://shrub.example/done'
    const { body } = await game.control('POST', 'onboard', { redirect_uri })
    const given = { ...client(game), code: String(body.code) }
    for (const wrong of [given, { ...given, redirect_uri: `${redirect_uri}/` }])
      expect((await exchange(game, wrong)).body.error).toMatchObject({ code: 100, error_subcode: 36_008 })
    expect((await exchange(game, { ...given, redirect_uri })).status).toBe(200)
    const popUp = { ...client(game), code: String((await game.control('POST', 'onboard', {})).body.code) }
    const refused = await exchange(game, { ...popUp, redirect_uri })
    expect(refused.body.error).toMatchObject({ error_subcode: 36_008 })
    expect((await exchange(game, popUp)).status).toBe(200)
  })

  it('belongs to the partner on whose page the customer signed up', async () => {
    const game = await play({ solutions: 1 })
    const solution_id = String(game.sim.state().solutions[0]?.id)
    const owner = (await game.control('POST', 'onboard', { solution_id })).body
    const partner = (await game.control('POST', 'onboard', { solution_id, app_id: lucky })).body
    expect([owner.host_app_id, partner.host_app_id]).toEqual([social, lucky])
    expect(codeOf(await exchange(game, { ...client(game), code: String(owner.code) }))).toBe(100)
    expect((await exchange(game, { ...client(game), code: String(partner.code) })).status).toBe(200)
    expect((await game.control('POST', 'onboard', { solution_id, app_id: '1' })).status).toBe(404)
  })

  it('takes the right secret and a GET', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'onboard', {})
    const given = { ...client(game), code: String(body.code) }
    const wrong = await exchange(game, { ...given, client_secret: 'wrong' })
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 1])
    expect(codeOf(await exchange(game, { ...given, client_id: '1' }))).toBe(101)
    expect(codeOf(await exchange(game, { ...given, code: 'nothing' }))).toBe(100)
    expect(codeOf(await exchange(game, given, 'POST'))).toBe(100)
    expect((await exchange(game, given)).status).toBe(200)
    const noted = JSON.stringify((await game.control('GET', 'requests')).body)
    expect(noted).not.toContain(given.client_secret)
    expect(noted).not.toContain(given.code)
  })
})

describe('a token', () => {
  it('is refreshed for 60 days, and the old one stays as it was', async () => {
    const game = await play()
    const old = game.system(lucky)
    const values = { ...client(game), grant_type: 'fb_exchange_token', fb_exchange_token: old }
    const refresh = (more: Record<string, string>) =>
      game.ask('GET', `/oauth/access_token?${query({ ...values, ...more })}`)
    expect(codeOf(await refresh({}))).toBe(100)
    const { body } = await refresh({ set_token_expires_in_60_days: 'true' })
    expect(body).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 5_184_000 })
    const fresh = String(body.access_token)
    expect(fresh).not.toBe(old)
    const read = (token: string) => game.ask('GET', `/${lucky}/whatsapp_business_solutions`, token)
    expect([(await read(fresh)).status, (await read(old)).status]).toEqual([200, 200])
    await game.control('POST', 'clock', { advanceMs: 61 * 86_400_000 })
    expect((await read(fresh)).body.error).toMatchObject({ code: 190, error_subcode: 463 })
    expect((await read(old)).status).toBe(200)
    expect(codeOf(await refresh({ set_token_expires_in_60_days: 'true', ...client(game, social) }))).toBe(200)
  })

  it('is taken back at once, with the one reply whose success is a text', async () => {
    const game = await play({ wabas: 1 })
    const business = String(game.sim.state().accounts[0]?.ownerBusinessId)
    const gone = game.businessToken(lucky, business)
    const values = { ...client(game), revoke_token: gone, access_token: game.system(lucky) }
    const reply = await game.ask('GET', `/oauth/revoke?${query(values)}`)
    expect(reply.body).toEqual({ success: 'true' })
    const read = await game.ask('GET', `/${business}`, gone)
    expect(read.body.error).toMatchObject({ code: 190, error_subcode: 467 })
  })

  it('expires and is revoked by control, and debug_token says so with status 200', async () => {
    const game = await play({ wabas: 1 })
    const business = String(game.sim.state().accounts[0]?.ownerBusinessId)
    const token = game.businessToken(lucky, business)
    const debug = () => game.ask('GET', `/debug_token?input_token=${token}`, game.system(lucky))
    await game.control('POST', 'tokens', { token, expire: true })
    expect((await game.ask('GET', `/${business}`, token)).body.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    })
    expect((await debug()).body.data).toMatchObject({ is_valid: false, error: { code: 190, subcode: 463 } })
    await game.control('POST', 'tokens', { token, revoke: true })
    const reply = await debug()
    expect([reply.status, reply.body.data]).toMatchObject([
      200,
      { app_id: lucky, is_valid: false, error: { code: 190, subcode: 467 } },
    ])
    expect((await game.control('POST', 'tokens', { token: 'nobody', expire: true })).status).toBe(404)
  })

  it('that ended is replaced by the solution, which gives a new one', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const { accounts, solutions } = game.sim.state()
    const business = String(accounts[0]?.ownerBusinessId)
    const path = `/${String(solutions[0]?.id)}/access_token?business_id=${business}`
    const ask = async () =>
      String((await game.ask('GET', path, game.system(lucky))).body.data?.[0]?.access_token)
    const first = await ask()
    expect(await ask()).toBe(first)
    await game.control('POST', 'tokens', { token: first, revoke: true })
    const second = await ask()
    expect(second).not.toBe(first)
    expect((await game.ask('GET', `/${business}`, second)).status).toBe(200)
  })

  it("of a customer is fetched with the partner's system token and its proof", async () => {
    const game = await play()
    const { body } = await game.control('POST', 'onboard', { app_id: lucky })
    const path = `/${String(body.business_id)}/system_user_access_tokens`
    const system = game.system(lucky)
    const appsecret_proof = proofOf(game, lucky, system)
    const fetchToken = (values: object, token = system) => game.ask('POST', path, token, values)
    const given = { appsecret_proof, fetch_only: true }
    const business = game.businessToken(lucky, String(body.business_id))
    expect((await fetchToken(given)).body).toEqual({ access_token: business })
    expect(codeOf(await fetchToken({ fetch_only: true }))).toBe(100)
    expect(codeOf(await fetchToken({ ...given, appsecret_proof: 'wrong' }))).toBe(100)
    expect(codeOf(await fetchToken({ appsecret_proof }))).toBe(100)
    const own = { appsecret_proof: proofOf(game, lucky, business), fetch_only: true }
    expect(codeOf(await fetchToken(own, business))).toBe(200)
    const stranger = { appsecret_proof: proofOf(game, social, game.system(social)), fetch_only: true }
    expect(codeOf(await fetchToken(stranger, game.system(social)))).toBe(100)
  })

  it('without the permission of a call is refused with 200', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'onboard', { app_id: lucky })
    const token = game.businessToken(lucky, String(body.business_id))
    const [phone] = body.phone_number_ids as string[]
    const scopes = ['whatsapp_business_management']
    await game.control('POST', 'tokens', { token, scopes })
    const pin = { messaging_product: 'whatsapp', pin: '123456' }
    expect(codeOf(await game.ask('POST', `/${phone}/register`, token, pin))).toBe(200)
    expect((await game.ask('POST', `/${String(body.waba_id)}/subscribed_apps`, token)).status).toBe(200)
    const debug = await game.ask('GET', `/debug_token?input_token=${token}`, game.system(lucky))
    expect(debug.body.data).toMatchObject({ scopes })
  })
})

describe('the weekly limit of a Tech Provider', () => {
  it('lets 200 new customers in, through a solution, and any number that WhatsApp knows', async () => {
    const game = await play({ solutions: 1 })
    const solution_id = String(game.sim.state().solutions[0]?.id)
    const onboard = async (more: object = {}) =>
      (await game.control('POST', 'onboard', { solution_id, ...more })).status
    expect(await onboard({ new_customer: false })).toBe(200)
    for (let count = 0; count < 200; count += 1) expect(await onboard()).toBe(200)
    expect(await onboard()).toBe(409)
    expect(await onboard({ new_customer: false })).toBe(200)
    expect(await onboard({ app_id: lucky })).toBe(200)
    await game.control('POST', 'clock', { advanceMs: 8 * 86_400_000 })
    expect(await onboard()).toBe(200)
    const known = game.sim.state().onboardings.filter((row) => !row.newToPlatform)
    expect(known).toHaveLength(2)
  })
})
