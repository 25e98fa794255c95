import { describe, expect, it } from 'vitest'

import { bothListen, valuesOf } from './support/callback.ts'
import { type Play, codeOf, lucky, play, social } from './support/world.ts'

const pin = (text: string) => ({ messaging_product: 'whatsapp', pin: text })
const hour = 3_600_000

interface Signup {
  readonly waba: string
  readonly business: string
  readonly phone: string
  readonly body: Record<string, unknown>
}

async function onboard(game: Play, more: object): Promise<Signup> {
  const { body, status } = await game.control('POST', 'onboard', more)
  expect(status).toBe(200)
  const [phone] = body.phone_number_ids as string[]
  return { waba: String(body.waba_id), business: String(body.business_id), phone: String(phone), body }
}

/** One number of one customer, with an account for each of two partners that know nothing of each other. */
async function shared(game: Play, more: object = {}) {
  const first = await onboard(game, { app_id: lucky, ...more })
  const second = await onboard(game, { app_id: social, phone_number_id: first.phone })
  return {
    first: { ...first, token: game.businessToken(lucky, first.business) },
    second: { ...second, token: game.businessToken(social, first.business) },
  }
}

describe('a number of the new account model', () => {
  it('keeps its id when a second partner comes, who gets an account of its own', async () => {
    const game = await play()
    const { luckyHook, socialHook } = await bothListen(game)
    const { first, second } = await shared(game)
    expect(second).toMatchObject({ business: first.business, phone: first.phone })
    expect(second.waba).not.toBe(first.waba)
    await Promise.all([luckyHook.count(1), socialHook.count(1)])
    expect(valuesOf(socialHook)).toMatchObject([{ waba_info: { waba_id: second.waba } }])
    expect(valuesOf(luckyHook)).toMatchObject([{ waba_info: { waba_id: first.waba } }])
    for (const { waba, token, phone } of [first, second]) {
      const list = await game.ask('GET', `/${waba}/phone_numbers?fields=id,quality_rating`, token)
      expect(list.body.data).toEqual([{ id: phone, quality_rating: 'UNKNOWN' }])
      expect((await game.ask('GET', `/${phone}?fields=id`, token)).body).toEqual({ id: phone })
    }
    expect(codeOf(await game.ask('GET', `/${first.waba}`, second.token))).toBe(100)
    expect(game.sim.state().accounts[0]?.phoneNumbers[0]?.wabaIds).toEqual([first.waba, second.waba])
  })

  it('is registered by a second partner without its PIN, which stays, and the answer says so', async () => {
    const game = await play()
    const { first, second } = await shared(game)
    const register = (token: string, text: string) =>
      game.ask('POST', `/${first.phone}/register`, token, pin(text))
    expect((await register(first.token, '111111')).body).toEqual({ success: true })
    expect((await register(second.token, '222222')).body).toEqual({ success: true, pin_reset: false })
    expect(game.sim.state().accounts[0]?.phoneNumbers[0]?.pin).toBe('111111')
    expect(codeOf(await register(first.token, '222222'))).toBe(133_005)
  })

  it('is deregistered for all by any partner, and both use up one limit', async () => {
    const game = await play()
    const { first, second } = await shared(game, { registered: true })
    const status = async (token: string) =>
      (await game.ask('GET', `/${first.phone}?fields=status`, token)).body.status
    expect((await game.ask('POST', `/${first.phone}/deregister`, second.token)).status).toBe(200)
    expect(await status(first.token)).toBe('PENDING')
    for (let turn = 0; turn < 9; turn += 1)
      await game.ask('POST', `/${first.phone}/register`, second.token, pin('333333'))
    expect(codeOf(await game.ask('POST', `/${first.phone}/register`, first.token, pin('333333')))).toBe(
      133_016,
    )
  })

  it('stays with the other partner when the customer takes one account back', async () => {
    const game = await play()
    const { first, second } = await shared(game)
    await game.control('POST', 'unshare', { waba_id: first.waba })
    expect(codeOf(await game.ask('GET', `/${first.phone}`, game.system(lucky)))).toBe(100)
    expect((await game.ask('GET', `/${second.phone}?fields=id`, game.system(social))).status).toBe(200)
  })

  it('is on one account in the old model: a second partner is refused', async () => {
    const game = await play({ accountModel: 'old' })
    const first = await onboard(game, { app_id: lucky })
    const second = await game.control('POST', 'onboard', { app_id: social, phone_number_id: first.phone })
    expect(second.status).toBe(409)
    expect((await game.control('POST', 'onboard', { phone_number_id: '1' })).status).toBe(404)
    expect((await game.control('POST', 'onboard', { business_id: '1', waba_id: '1' })).status).toBe(400)
  })

  it('of another customer is not listed by asking for it', async () => {
    const game = await play()
    const [one, other] = [await onboard(game, { app_id: lucky }), await onboard(game, { app_id: lucky })]
    const number = game.sim.state().accounts[0]?.phoneNumbers[0]?.displayPhoneNumber
    const body = { cc: '1', phone_number: number, verified_name: 'Mine' }
    const add = (waba: string, business: string) =>
      game.ask('POST', `/${waba}/phone_numbers`, game.businessToken(lucky, business), body)
    expect(codeOf(await add(other.waba, other.business))).toBe(100)
    expect(codeOf(await add(one.waba, one.business))).toBe(100)
  })
})

describe('a number that stays in use with the WhatsApp Business app', () => {
  const stage = async () => {
    const game = await play()
    const customer = await onboard(game, { app_id: lucky, coexistence: true })
    const token = game.businessToken(lucky, customer.business)
    const sync = (sync_type: string, more: object = { messaging_product: 'whatsapp' }) =>
      game.ask('POST', `/${customer.phone}/smb_app_data`, token, { sync_type, ...more })
    return { game, customer, token, sync }
  }

  it('comes live, and the page is told of the account alone', async () => {
    const { game, customer, token } = await stage()
    expect(customer.body.session).toEqual({
      type: 'WA_EMBEDDED_SIGNUP',
      event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
      data: { waba_id: customer.waba },
    })
    const read = await game.ask('GET', `/${customer.phone}?fields=is_on_biz_app,platform_type,status`, token)
    expect(read.body).toMatchObject({ is_on_biz_app: true, platform_type: 'CLOUD_API', status: 'CONNECTED' })
  })

  it('is neither registered nor deregistered', async () => {
    const { game, customer, token } = await stage()
    expect(codeOf(await game.ask('POST', `/${customer.phone}/register`, token, pin('111111')))).toBe(100)
    expect(codeOf(await game.ask('POST', `/${customer.phone}/deregister`, token))).toBe(100)
  })

  it('has its contacts and its history asked for once each, when the app is subscribed', async () => {
    const { game, customer, token, sync } = await stage()
    expect(codeOf(await sync('history'))).toBe(100)
    await game.ask('POST', `/${customer.waba}/subscribed_apps`, token)
    for (const type of ['smb_app_state_sync', 'history']) {
      expect((await sync(type)).body).toEqual({
        messaging_product: 'whatsapp',
        request_id: expect.any(String) as string,
      })
      expect(codeOf(await sync(type))).toBe(2_593_107)
    }
    expect(codeOf(await sync('messages'))).toBe(100)
    expect(codeOf(await sync('history', {}))).toBe(100)
  })

  it('has them asked for within 24 hours, and once more after another signup, with the same account', async () => {
    const { game, customer, token, sync } = await stage()
    await game.ask('POST', `/${customer.waba}/subscribed_apps`, token)
    await game.control('POST', 'clock', { advanceMs: 24 * hour + 1 })
    expect(codeOf(await sync('history'))).toBe(2_593_108)
    const other = { app_id: social, coexistence: true, waba_id: customer.waba }
    expect((await game.control('POST', 'onboard', other)).status).toBe(409)
    await game.control('POST', 'unshare', { waba_id: customer.waba })
    const again = await onboard(game, { app_id: lucky, coexistence: true, waba_id: customer.waba })
    expect(again).toMatchObject({ waba: customer.waba, phone: customer.phone, business: customer.business })
    await game.ask('POST', `/${customer.waba}/subscribed_apps`, token)
    expect((await sync('history')).status).toBe(200)
  })

  it('is what it is asked to be: any other number has nothing to give', async () => {
    const game = await play()
    const { phone, business } = await onboard(game, { app_id: lucky })
    const body = { messaging_product: 'whatsapp', sync_type: 'history' }
    const answer = await game.ask('POST', `/${phone}/smb_app_data`, game.businessToken(lucky, business), body)
    expect(codeOf(answer)).toBe(100)
  })
})
