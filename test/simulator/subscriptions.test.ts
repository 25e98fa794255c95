import { describe, expect, it } from 'vitest'

import { startCallback, subscribe } from './support/callback.ts'
import { type Play, codeOf, lucky, play, social } from './support/world.ts'

const good = { object: 'whatsapp_business_account', verify_token: 'word', fields: 'account_update' }
const post = (game: Play, body: object, token?: string) =>
  game.ask('POST', `/${lucky}/subscriptions`, token ?? game.appToken(lucky), body)
const get = (game: Play) => game.ask('GET', `/${lucky}/subscriptions`, game.appToken(lucky))

describe('the callback of an app', () => {
  it('is set after a verification GET with the three dotted parameters', async () => {
    const game = await play()
    const hook = await startCallback()
    expect((await subscribe(game, lucky, hook.url)).body).toEqual({ success: true })
    const [search] = hook.verifications
    expect([search?.get('hub.mode'), search?.get('hub.verify_token')]).toEqual([
      'subscribe',
      `token of ${lucky}`,
    ])
    expect(search?.get('hub.challenge')).toMatch(/^\d+$/)
    expect((await get(game)).body).toEqual({
      data: [
        {
          object: 'whatsapp_business_account',
          callback_url: hook.url,
          active: true,
          fields: [
            { name: 'account_update', version: 'v27.0' },
            { name: 'partner_solutions', version: 'v27.0' },
          ],
        },
      ],
    })
    expect(game.sim.state().apps[0]).toMatchObject({
      callbackUrl: hook.url,
      verifyToken: `token of ${lucky}`,
    })
  })

  it.each([
    ['another status', [403, 'challenge']],
    ['another body', [200, 'nonsense']],
    ['a redirect', [302, 'challenge']],
  ] as const)('is not set when the verification is answered with %s', async (_what, [status, text]) => {
    const game = await play()
    const hook = await startCallback((search) => [
      status,
      text === 'challenge' ? (search.get('hub.challenge') ?? '') : text,
    ])
    expect(codeOf(await post(game, { ...good, callback_url: hook.url }))).toBe(2200)
    expect((await get(game)).body).toEqual({ data: [] })
  })

  it('is replaced by the next one, loses fields one by one, and goes', async () => {
    const game = await play()
    const [first, second] = [await startCallback(), await startCallback()]
    await subscribe(game, lucky, first.url)
    await subscribe(game, lucky, second.url)
    const remove = (query: string) =>
      game.ask('DELETE', `/${lucky}/subscriptions?${query}`, game.appToken(lucky))
    await remove('object=whatsapp_business_account&fields=account_update')
    expect((await get(game)).body.data).toMatchObject([
      { callback_url: second.url, fields: [{ name: 'partner_solutions' }] },
    ])
    await remove('object=whatsapp_business_account')
    expect((await get(game)).body.data).toEqual([])
  })

  it('survives a reset of the world', async () => {
    const game = await play()
    const hook = await startCallback()
    await subscribe(game, lucky, hook.url)
    await game.control('POST', 'reset', {})
    expect(game.sim.state().apps[0]?.callbackUrl).toBe(hook.url)
  })

  it('takes the app token of that app and no other', async () => {
    const game = await play()
    const hook = await startCallback()
    for (const token of [game.system(lucky), game.appToken(social)]) {
      expect(codeOf(await post(game, { ...good, callback_url: hook.url }, token))).toBe(200)
    }
    expect(codeOf(await game.ask('GET', `/${lucky}/subscriptions`, game.system(lucky)))).toBe(200)
    expect(hook.verifications).toEqual([])
  })

  it.each([
    ['no callback', { callback_url: undefined }],
    ['a callback that is no URL', { callback_url: 'here' }],
    ['plain HTTP to elsewhere', { callback_url: 'http://example.com/' }],
    ['no verify token', { verify_token: undefined }],
    ['another object', { object: 'page' }],
    ['a field that does not exist', { fields: 'account_updates' }],
  ])('is refused with code 100 for %s', async (_what, wrong) => {
    const game = await play()
    const hook = await startCallback()
    expect(codeOf(await post(game, { ...good, callback_url: hook.url, ...wrong }))).toBe(100)
    expect(hook.verifications).toEqual([])
  })
})
