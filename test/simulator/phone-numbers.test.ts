import { describe, expect, it } from 'vitest'

import { startCallback } from './support/callback.ts'
import { type Play, codeOf, lucky, play, social } from './support/world.ts'

/** A customer of Lucky Shrub, with its business token. */
async function customer(game: Play, more: object = {}) {
  const { body } = await game.control('POST', 'onboard', { app_id: lucky, ...more })
  const [phone] = body.phone_number_ids as string[]
  return {
    waba: String(body.waba_id),
    phone: String(phone),
    token: game.businessToken(lucky, String(body.business_id)),
  }
}
const stateOf = (game: Play, phone: string) =>
  game.sim.state().accounts.flatMap((waba) => waba.phoneNumbers.filter(({ id }) => id === phone))[0]

const hour = 3_600_000
const pin = { messaging_product: 'whatsapp', pin: '123456' }
const number = { cc: '49', phone_number: '30 901820', verified_name: 'Wind & Wool' }

describe('a number that is added by hand', () => {
  it('goes from NOT_VERIFIED to CONNECTED in four steps', async () => {
    const game = await play()
    const { waba, token } = await customer(game)
    const added = await game.ask('POST', `/${waba}/phone_numbers`, token, number)
    expect(added.body).toEqual({ id: expect.stringMatching(/^\d+$/) })
    const id = String(added.body.id)
    const fields =
      'code_verification_status,status,platform_type,host_platform,account_mode,display_phone_number'
    const read = async () => (await game.ask('GET', `/${id}?fields=${fields}`, token)).body
    expect(await read()).toMatchObject({
      code_verification_status: 'NOT_VERIFIED',
      status: 'PENDING',
      platform_type: 'NOT_APPLICABLE',
      host_platform: 'NOT_APPLICABLE',
      account_mode: 'LIVE',
    })
    expect(codeOf(await game.ask('POST', `/${id}/register`, token, pin))).toBe(133_006)
    await game.ask('POST', `/${id}/request_code?code_method=SMS&language=en_US`, token)
    const code = stateOf(game, id)?.code
    expect(code).toMatch(/^\d{6}$/)
    const wrong = code === '000000' ? '111111' : '000000'
    expect(codeOf(await game.ask('POST', `/${id}/verify_code?code=${wrong}`, token))).toBe(136_025)
    expect((await game.ask('POST', `/${id}/verify_code?code=${code}`, token)).body).toEqual({ success: true })
    expect((await game.ask('POST', `/${id}/register`, token, pin)).body).toEqual({ success: true })
    expect(await read()).toMatchObject({
      code_verification_status: 'VERIFIED',
      status: 'CONNECTED',
      platform_type: 'CLOUD_API',
    })
  })

  it('takes a code once, and asks for none when the number is verified', async () => {
    const game = await play()
    const { waba, token } = await customer(game)
    const id = String((await game.ask('POST', `/${waba}/phone_numbers`, token, number)).body.id)
    const request = () => game.ask('POST', `/${id}/request_code?code_method=VOICE&language=de`, token)
    expect(codeOf(await game.ask('POST', `/${id}/verify_code?code=123456`, token))).toBe(136_025)
    await request()
    const code = stateOf(game, id)?.code
    await game.ask('POST', `/${id}/verify_code?code=${code}`, token)
    expect(codeOf(await game.ask('POST', `/${id}/verify_code?code=${code}`, token))).toBe(136_025)
    expect(codeOf(await request())).toBe(136_024)
  })

  it('is asked for again when its verification has run out', async () => {
    const game = await play()
    const { waba, phone, token } = await customer(game)
    await game.control('POST', 'phones', { id: phone, verification: 'EXPIRED' })
    const read = await game.ask('GET', `/${phone}?fields=code_verification_status`, token)
    expect(read.body.code_verification_status).toBe('EXPIRED')
    expect(codeOf(await game.ask('POST', `/${phone}/register`, token, pin))).toBe(133_006)
    await game.ask('POST', `/${phone}/request_code?code_method=SMS&language=en_US`, token)
    await game.ask('POST', `/${phone}/verify_code?code=${stateOf(game, phone)?.code}`, token)
    expect((await game.ask('POST', `/${phone}/register`, token, pin)).status).toBe(200)
    expect((await game.control('POST', 'phones', { id: waba, pin: null })).status).toBe(404)
  })

  it('is listed in the order that was asked for, by the suffixes that the live API knows', async () => {
    const game = await play()
    const { waba, phone, token } = await customer(game)
    await game.control('POST', 'clock', { advanceMs: hour })
    const id = String((await game.ask('POST', `/${waba}/phone_numbers`, token, number)).body.id)
    const list = (sort: string) => game.ask('GET', `/${waba}/phone_numbers?fields=id&sort=${sort}`, token)
    const ids = async (sort: string) => (await list(sort)).body.data?.map((row) => row.id)
    expect(await ids('creation_time_ascending')).toEqual([phone, id])
    expect(await ids('last_onboarded_time_descending')).toEqual([id, phone])
    expect(codeOf(await list('last_onboarded_time.desc'))).toBe(100)
  })

  it('must be whole, and not in use elsewhere, with the country code or without', async () => {
    const game = await play()
    const { waba, token } = await customer(game)
    const add = (body: object) => game.ask('POST', `/${waba}/phone_numbers`, token, { ...number, ...body })
    for (const bad of [{ cc: 'x' }, { phone_number: 'abc' }, { phone_number: '1' }, { verified_name: '' }]) {
      expect(codeOf(await add(bad))).toBe(100)
    }
    expect(codeOf(await add({ preverified_id: '1' }))).toBe(100)
    expect(codeOf(await add({ migrate_phone_number: 'perhaps' }))).toBe(100)
    expect((await add({})).status).toBe(200)
    expect(codeOf(await add({ phone_number: '+49 30901820' }))).toBe(100)
  })
})

describe('registering', () => {
  it('sets the PIN, and from then on asks for the same one', async () => {
    const game = await play()
    const { phone, token } = await customer(game)
    const register = (body: object) => game.ask('POST', `/${phone}/register`, token, { ...pin, ...body })
    expect((await register({})).status).toBe(200)
    const refused = await register({ pin: '654321' })
    expect(refused.body.error).toMatchObject({
      code: 133_005,
      error_data: { messaging_product: 'whatsapp', details: expect.any(String) },
    })
    expect(JSON.stringify(refused.body)).not.toContain('123456')
    expect((await register({})).status).toBe(200)
    await game.ask('POST', `/${phone}/deregister`, token)
    expect(codeOf(await register({ pin: '654321' }))).toBe(133_005)
  })

  it('refuses what is no PIN, product or region, and changes a region only through deregister', async () => {
    const game = await play()
    const { phone, token } = await customer(game)
    const register = (body: object) => game.ask('POST', `/${phone}/register`, token, { ...pin, ...body })
    for (const bad of [
      { pin: '12345' },
      { pin: 'abcdef' },
      { messaging_product: 'sms' },
      { data_localization_region: 'FR' },
    ]) {
      expect(codeOf(await register(bad))).toBe(100)
    }
    expect((await register({ data_localization_region: 'DE' })).status).toBe(200)
    expect(codeOf(await register({ data_localization_region: 'CH' }))).toBe(100)
    await game.ask('POST', `/${phone}/deregister`, token)
    expect((await register({ data_localization_region: 'CH' })).status).toBe(200)
    expect(stateOf(game, phone)).toMatchObject({ region: 'CH', registered: true })
  })

  it('and deregistering together are let through ten times in 72 hours, and then not for 72 hours', async () => {
    const game = await play()
    const { phone, token } = await customer(game)
    const register = () => game.ask('POST', `/${phone}/register`, token, pin)
    const deregister = () => game.ask('POST', `/${phone}/deregister`, token)
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await register()).status).toBe(200)
      expect((await deregister()).status).toBe(200)
    }
    expect(codeOf(await register())).toBe(133_016)
    await game.control('POST', 'clock', { advanceMs: 71 * hour })
    expect(codeOf(await deregister())).toBe(133_016)
    await game.control('POST', 'clock', { advanceMs: 2 * hour })
    expect((await register()).status).toBe(200)
  })

  it('are shut out for the whole 72 hours, also when the earlier ones no longer count', async () => {
    const game = await play()
    const { phone, token } = await customer(game)
    const register = () => game.ask('POST', `/${phone}/register`, token, pin)
    for (let turn = 0; turn < 9; turn += 1) await register()
    await game.control('POST', 'clock', { advanceMs: 71 * hour })
    expect([codeOf(await register()), codeOf(await register())]).toEqual([undefined, 133_016])
    await game.control('POST', 'clock', { advanceMs: 70 * hour })
    expect(codeOf(await register())).toBe(133_016)
    await game.control('POST', 'clock', { advanceMs: 3 * hour })
    expect((await register()).status).toBe(200)
  })

  it('roll: what is older than 72 hours does not count', async () => {
    const game = await play()
    const { phone, token } = await customer(game)
    const register = () => game.ask('POST', `/${phone}/register`, token, pin)
    for (let turn = 0; turn < 9; turn += 1) await register()
    await game.control('POST', 'clock', { advanceMs: 73 * hour })
    for (let turn = 0; turn < 10; turn += 1) expect((await register()).status).toBe(200)
    expect(codeOf(await register())).toBe(133_016)
  })

  it('takes the number back out of service with deregister, once', async () => {
    const game = await play()
    const { phone, token } = await customer(game, { registered: true })
    expect((await game.ask('POST', `/${phone}/deregister`, token)).body).toEqual({ success: true })
    expect((await game.ask('GET', `/${phone}?fields=status`, token)).body.status).toBe('PENDING')
    expect(codeOf(await game.ask('POST', `/${phone}/deregister`, token))).toBe(133_010)
  })

  it("needs the customer's business token: the system token is refused, a stranger's sees nothing", async () => {
    const game = await play()
    const { waba, phone } = await customer(game)
    const other = await customer(game)
    const calls = [
      [`/${phone}/register`, pin],
      [`/${phone}/deregister`, undefined],
      [`/${phone}/request_code?code_method=SMS&language=en`, undefined],
      [`/${phone}/verify_code?code=123456`, undefined],
      [`/${waba}/phone_numbers`, number],
    ] as const
    for (const [path, body] of calls) {
      expect(codeOf(await game.ask('POST', path, game.system(lucky), body))).toBe(200)
      expect(codeOf(await game.ask('POST', path, other.token, body))).toBe(100)
      expect(codeOf(await game.ask('POST', path, game.system(social), body))).toBe(100)
    }
  })
})

describe('the callback override of a number', () => {
  it('comes before that of the account, and an empty text takes it away', async () => {
    const game = await play()
    const { waba, phone, token } = await customer(game)
    const hook = await startCallback()
    const set = (webhook_configuration: unknown) =>
      game.ask('POST', `/${phone}`, token, { webhook_configuration })
    const read = async () =>
      (await game.ask('GET', `/${phone}?fields=webhook_configuration`, token)).body.webhook_configuration
    const pair = { override_callback_uri: `${hook.url}/number`, verify_token: 'abc' }
    expect(codeOf(await set(pair))).toBe(100)
    await game.ask('POST', `/${waba}/subscribed_apps`, token)
    expect((await set(pair)).body).toEqual({ success: true })
    expect(hook.verifications[0]?.get('hub.verify_token')).toBe('abc')
    expect(await read()).toEqual({ phone_number: `${hook.url}/number` })
    expect((await set({ override_callback_uri: '' })).status).toBe(200)
    expect(await read()).toEqual({})
    await set(pair)
    expect((await set('')).status).toBe(200)
    expect(await read()).toEqual({})
  })

  it('needs both parts, at most 200 characters, and an address that answers the challenge', async () => {
    const game = await play()
    const { waba, phone, token } = await customer(game)
    const deaf = await startCallback(() => [200, 'something else'])
    await game.ask('POST', `/${waba}/subscribed_apps`, token)
    const set = (webhook_configuration: unknown) =>
      game.ask('POST', `/${phone}`, token, { webhook_configuration })
    expect(codeOf(await set({ override_callback_uri: deaf.url }))).toBe(100)
    expect(codeOf(await set({ verify_token: 'abc' }))).toBe(100)
    const long = { override_callback_uri: `https://example.com/${'a'.repeat(200)}`, verify_token: 'abc' }
    expect(codeOf(await set(long))).toBe(100)
    expect(codeOf(await set({ override_callback_uri: deaf.url, verify_token: 'abc' }))).toBe(2200)
    expect(codeOf(await game.ask('POST', `/${phone}`, token, {}))).toBe(100)
  })
})
