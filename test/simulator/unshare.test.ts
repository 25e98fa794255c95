import { describe, expect, it } from 'vitest'

import { bothListen, valuesOf } from './support/callback.ts'
import { assign, customerOf, luckyBusiness } from './support/credit.ts'
import { type Play, codeOf, lucky, play, social } from './support/world.ts'

const seeded = { solutions: 1, wabas: 2 }
const clients = async ({ ask, system }: Play): Promise<unknown> =>
  (await ask('GET', `/${luckyBusiness}/client_whatsapp_business_accounts`, system(lucky))).body.data

describe('a customer that takes an account back', () => {
  it('is told of to each partner, with account and owner alone', async () => {
    const game = await play(seeded)
    const { luckyHook, socialHook } = await bothListen(game)
    const { waba, business } = customerOf(game)
    const reply = await game.control('POST', 'unshare', { waba_id: waba })
    expect(reply.body).toEqual({ waba_id: waba, business_id: business, app_ids: [lucky, social] })
    await Promise.all([luckyHook.count(1), socialHook.count(1)])
    const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: waba, owner_business_id: business } }
    expect([valuesOf(luckyHook), valuesOf(socialHook)]).toEqual([[value], [value]])
    expect(luckyHook.deliveries[0]?.body.entry).toMatchObject([
      { id: luckyBusiness, changes: [{ field: 'account_update' }] },
    ])
  })

  it('leaves nothing of it to its partners: no node, no list, no users, no token through the solution', async () => {
    const game = await play(seeded)
    const [first, second] = [customerOf(game), customerOf(game, 1)]
    await assign(game, first, "['DEVELOP']")
    await game.ask('POST', `/${first.waba}/subscribed_apps`, first.token)
    const solution = game.sim.state().solutions[0]?.id
    await game.control('POST', 'unshare', { waba_id: first.waba })
    for (const token of [game.system(lucky), first.token]) {
      expect((await game.ask('GET', `/${first.waba}`, token)).body.error).toMatchObject({
        code: 100,
        error_subcode: 33,
      })
    }
    expect(await clients(game)).toMatchObject([{ id: second.waba }])
    const path = `/${solution}/access_token?business_id=${first.business}`
    expect(codeOf(await game.ask('GET', path, game.system(lucky)))).toBe(100)
    expect(game.sim.state().accounts[0]).toMatchObject({
      sharedWith: [],
      solutionIds: [],
      subscribedApps: [],
      assignedUsers: [],
    })
  })

  it('may take it from one partner and leave it to the other', async () => {
    const game = await play(seeded)
    const { luckyHook, socialHook } = await bothListen(game)
    const { waba, business } = customerOf(game)
    const solution = game.sim.state().solutions[0]?.id
    await game.control('POST', 'unshare', { waba_id: waba, app_id: lucky })
    await luckyHook.count(1)
    expect(socialHook.deliveries).toEqual([])
    expect(codeOf(await game.ask('GET', `/${waba}`, game.system(lucky)))).toBe(100)
    expect((await game.ask('GET', `/${waba}`, game.system(social))).status).toBe(200)
    const token = (app: string) =>
      game.ask('GET', `/${solution}/access_token?business_id=${business}`, game.system(app))
    expect([(await token(lucky)).status, (await token(social)).status]).toEqual([400, 200])
    expect((await game.control('POST', 'unshare', { waba_id: waba, app_id: lucky })).status).toBe(409)
  })

  it.each([
    [{ waba_id: '1' }, 404],
    [{}, 400],
    [{ waba_id: 1 }, 400],
  ])('is refused for %j', async (body, status) => {
    const game = await play(seeded)
    expect((await game.control('POST', 'unshare', body)).status).toBe(status)
    const waba_id = customerOf(game).waba
    expect((await game.control('POST', 'unshare', { waba_id, app_id: '1' })).status).toBe(404)
  })
})
