import { describe, expect, it } from 'vitest'

import { bothListen, startCallback, valuesOf } from './support/callback.ts'
import { codeOf, lucky, play, social } from './support/world.ts'

describe('an account that the partner asked for', () => {
  it('is told of by PARTNER_APP_INSTALLED, or by PARTNER_ADDED', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const first = (await game.control('POST', 'install', {})).body
    const second = (await game.control('POST', 'install', { event: 'PARTNER_ADDED' })).body
    await luckyHook.count(2)
    const about = (made: typeof first) => ({ waba_id: made.waba_id, owner_business_id: made.business_id })
    expect(valuesOf(luckyHook)).toEqual([
      { event: 'PARTNER_APP_INSTALLED', waba_info: { ...about(first), partner_app_id: lucky } },
      { event: 'PARTNER_ADDED', waba_info: about(second) },
    ])
    expect(luckyHook.deliveries[0]?.body.entry[0]?.id).toBe('506914307656634')
    expect((await game.control('POST', 'install', { app_id: '1' })).status).toBe(404)
  })

  it('is one way to hear of the permission alone: another is a signup, which tells the page so', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const { body } = await game.control('POST', 'onboard', { app_id: lucky, event: 'PARTNER_APP_INSTALLED' })
    const { body: both } = await game.control('POST', 'onboard', { app_id: lucky, event: 'BOTH' })
    await luckyHook.count(3)
    const events = valuesOf(luckyHook).map((value) => (value as { event: string }).event)
    expect(events).toEqual(['PARTNER_APP_INSTALLED', 'PARTNER_ADDED', 'PARTNER_APP_INSTALLED'])
    expect(body.session).toEqual({
      type: 'WA_EMBEDDED_SIGNUP',
      event: 'FINISH_GRANT_ONLY_API_ACCESS',
      data: {
        phone_number_id: (body.phone_number_ids as string[])[0],
        waba_id: body.waba_id,
        business_id: body.business_id,
      },
    })
    expect(both.session).toMatchObject({ event: 'FINISH' })
  })

  it('comes with a number in the new account model, and in the old one with none unless the customer gives one', async () => {
    const numbersOf = async (game: Awaited<ReturnType<typeof play>>, more: object) =>
      (await game.control('POST', 'install', more)).body.phone_number_ids
    const now = await play()
    expect(await numbersOf(now, {})).toHaveLength(1)
    expect((await now.control('POST', 'install', { number: false })).status).toBe(409)
    const before = await play({ accountModel: 'old' })
    expect(await numbersOf(before, {})).toEqual([])
    expect(await numbersOf(before, { number: true })).toHaveLength(1)
  })

  it('does not open to a business token, and does to the system token, for every step', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'install', {})
    const waba = String(body.waba_id)
    const [business, system] = [game.businessToken(lucky, String(body.business_id)), game.system(lucky)]
    expect(codeOf(await game.ask('GET', `/${waba}`, business))).toBe(100)
    expect(codeOf(await game.ask('POST', `/${waba}/subscribed_apps`, business))).toBe(100)
    const read = await game.ask('GET', `/${waba}?fields=owner_business_info,primary_funding_id`, system)
    expect(read.body).toMatchObject({ owner_business_info: { id: body.business_id } })
    expect((await game.ask('POST', `/${waba}/subscribed_apps`, system)).body).toEqual({ success: true })
    const number = { cc: '1', phone_number: '2025550123', verified_name: 'Wind & Wool' }
    const added = await game.ask('POST', `/${waba}/phone_numbers`, system, number)
    const id = String(added.body.id)
    await game.ask('POST', `/${id}/request_code?code_method=SMS&language=en_US`, system)
    const numbers = game.sim.state().accounts[0]?.phoneNumbers ?? []
    const code = numbers.find((one) => one.id === id)?.code
    await game.ask('POST', `/${id}/verify_code?code=${code}`, system)
    const pin = { messaging_product: 'whatsapp', pin: '123456' }
    expect((await game.ask('POST', `/${id}/register`, system, pin)).status).toBe(200)
    const debug = await game.ask('GET', `/debug_token?input_token=${business}`, system)
    expect(debug.body.data).not.toHaveProperty('granular_scopes')
  })
})

describe('a customer that removes the app', () => {
  it('ends its tokens, the sharing and the subscription, and the partner hears of it', async () => {
    const game = await play()
    const { socialHook } = await bothListen(game)
    const { body } = await game.control('POST', 'onboard', { app_id: social })
    const token = game.businessToken(social, String(body.business_id))
    await game.ask('POST', `/${String(body.waba_id)}/subscribed_apps`, token)
    await game.control('POST', 'uninstall', { waba_id: body.waba_id })
    await socialHook.count(2)
    expect(valuesOf(socialHook)[1]).toEqual({
      event: 'PARTNER_APP_UNINSTALLED',
      waba_info: {
        waba_id: body.waba_id,
        owner_business_id: body.business_id,
        partner_app_id: social,
      },
    })
    const read = await game.ask('GET', `/${String(body.waba_id)}`, token)
    expect(read.body.error).toMatchObject({ code: 190, error_subcode: 458 })
    expect(codeOf(await game.ask('GET', `/${String(body.waba_id)}`, game.system(social)))).toBe(100)
    expect(game.sim.state().accounts[0]?.subscribedApps).toEqual([])
    expect((await game.control('POST', 'uninstall', { waba_id: body.waba_id })).status).toBe(409)
    expect((await game.control('POST', 'uninstall', { waba_id: '1' })).status).toBe(404)
  })
})

describe('the override of an account', () => {
  it('is set with both parts, and taken away by a POST without a body', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'onboard', {})
    const token = game.businessToken(lucky, String(body.business_id))
    const path = `/${String(body.waba_id)}/subscribed_apps`
    const hook = await startCallback()
    const pair = { override_callback_uri: hook.url, verify_token: 'abc' }
    expect(codeOf(await game.ask('POST', path, token, pair))).toBe(100)
    await game.ask('POST', path, token)
    expect(codeOf(await game.ask('POST', path, token, { override_callback_uri: hook.url }))).toBe(100)
    expect(codeOf(await game.ask('POST', path, token, { verify_token: 'abc' }))).toBe(100)
    expect(codeOf(await game.ask('POST', path, game.system(lucky), pair))).toBe(200)
    expect((await game.ask('POST', path, token, pair)).body).toEqual({ success: true })
    const read = async () => (await game.ask('GET', path, token)).body.data?.[0]?.override_callback_uri
    expect(await read()).toBe(hook.url)
    await game.ask('POST', path, token)
    expect(await read()).toBeUndefined()
  })
})
