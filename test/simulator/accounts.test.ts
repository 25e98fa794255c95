import { describe, expect, it } from 'vitest'

import { type Play, type Reply, codeOf, lucky, play, social } from './support/world.ts'
import { startCallback } from './support/callback.ts'

const luckyBusiness = '506914307656634'
const socialBusiness = '520744086200222'
const idsOf = (reply: Reply): unknown[] => (reply.body.data ?? []).map((row) => row.id)

describe('lists of accounts', () => {
  const list = ({ ask, system }: Play, query: Record<string, string>, edge = 'client') =>
    ask(
      'GET',
      `/${luckyBusiness}/${edge}_whatsapp_business_accounts?${new URLSearchParams(query)}`,
      system(lucky),
    )

  it('filters by the portfolios of the solution that onboarded them', async () => {
    const game = await play({ solutions: 1, wabas: 2 })
    const alone = (await game.control('POST', 'onboard', {})).body.waba_id
    const by = (...value: string[]) =>
      list(game, { filtering: JSON.stringify([{ field: 'partners', operator: 'ALL', value }]) })
    expect(idsOf(await list(game, {}))).toContain(alone)
    expect(idsOf(await by(socialBusiness))).toEqual(
      game.sim
        .state()
        .accounts.slice(0, 2)
        .map((waba) => waba.id),
    )
    expect(idsOf(await by(luckyBusiness, socialBusiness))).toHaveLength(2)
    expect((await by('999')).body).toEqual({ data: [] })
    expect((await by(socialBusiness, '999')).body).toEqual({ data: [] })
  })

  it('filters by creation time and sorts by it', async () => {
    const game = await play({ solutions: 1, wabas: 4 })
    const rows = game.sim.state().accounts
    const time = String(rows[1]?.createdAt)
    const by = (operator: string) =>
      list(game, { filtering: JSON.stringify([{ field: 'creation_time', operator, value: time }]) })
    expect(idsOf(await by('GREATER_THAN'))).toEqual(rows.slice(2).map((row) => row.id))
    expect(idsOf(await by('LESS_THAN'))).toEqual(rows.slice(0, 1).map((row) => row.id))
    const descending = await list(game, { sort: 'creation_time_descending' })
    expect(idsOf(descending)).toEqual(rows.map((row) => row.id).toReversed())
  })

  it.each([
    [{ filtering: '[oops' }],
    [{ filtering: '{}' }],
    [{ filtering: '[{"field":"name","operator":"ALL","value":["x"]}]' }],
    [{ filtering: '[{"field":"creation_time","operator":"EQUALS","value":"1"}]' }],
    [{ filtering: '[{"field":"creation_time","operator":"LESS_THAN","value":"now"}]' }],
    [{ sort: 'creation_time.desc' }],
  ])('refuses %j with code 100', async (query) => {
    expect(codeOf(await list(await play(), query))).toBe(100)
  })

  it('shows owned accounts apart, and no one else the list', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    expect((await list(game, {}, 'owned')).body).toEqual({ data: [] })
    const path = `/${luckyBusiness}/client_whatsapp_business_accounts`
    expect(codeOf(await game.ask('GET', path, game.system(social)))).toBe(100)
    const [waba] = game.sim.state().accounts
    const own = `/${waba?.ownerBusinessId}/owned_whatsapp_business_accounts`
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    expect(idsOf(await game.ask('GET', own, token))).toEqual([waba?.id])
  })
})

describe('an account', () => {
  it('lists its numbers and its solutions', async () => {
    const game = await play({ solutions: 2, wabas: 2 })
    const waba = game.sim.state().accounts[1]
    const numbers = await game.ask(
      'GET',
      `/${waba?.id}/phone_numbers?fields=display_phone_number,status`,
      game.system(lucky),
    )
    expect(numbers.body.data).toMatchObject([{ status: 'CONNECTED' }, { status: 'CONNECTED' }])
    const solutions = await game.ask('GET', `/${waba?.id}/solutions`, game.system(lucky))
    expect(idsOf(solutions)).toEqual([game.sim.state().solutions[0]?.id])
    const phone = await game.ask(
      'GET',
      `/${waba?.phoneNumbers[0]?.id}?fields=verified_name`,
      game.system(lucky),
    )
    expect(phone.body.verified_name).toBe('Grünwald / Söhne WhatsApp')
  })

  it('is subscribed to with the business token, for the app of that token', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [waba] = game.sim.state().accounts
    const path = `/${waba?.id}/subscribed_apps`
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    expect(codeOf(await game.ask('POST', path, game.system(lucky)))).toBe(200)
    expect((await game.ask('POST', path, token)).body).toEqual({ success: true })
    const expected = { id: lucky, name: 'Lucky Shrub', link: expect.any(String) }
    expect((await game.ask('GET', path, game.system(social))).body).toEqual({
      data: [{ whatsapp_business_api_data: expected }],
    })
    expect((await game.ask('DELETE', path, token)).body).toEqual({ success: true })
    expect((await game.ask('GET', path, token)).body).toEqual({ data: [] })
  })

  it('takes a callback override after a verification, and loses it by an empty post', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [hook, refusing] = [await startCallback(), await startCallback(() => [403, 'no'])]
    const [waba] = game.sim.state().accounts
    const path = `/${waba?.id}/subscribed_apps`
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    const pair = { override_callback_uri: hook.url, verify_token: 'secret word' }
    const row = async () => (await game.ask('GET', path, token)).body.data?.[0]
    expect((await game.ask('POST', path, token, pair)).body.error?.message).toMatch(/Before override/)
    await game.ask('POST', path, token)
    expect((await game.ask('POST', path, token, pair)).status).toBe(200)
    expect(hook.verifications[0]?.get('hub.verify_token')).toBe('secret word')
    expect(await row()).toMatchObject({ override_callback_uri: hook.url })
    for (const wrong of [
      { override_callback_uri: hook.url },
      { verify_token: 'x' },
      { ...pair, override_callback_uri: `${hook.url}${'x'.repeat(200)}` },
      { ...pair, override_callback_uri: 'http://example.com/' },
    ]) {
      expect(codeOf(await game.ask('POST', path, token, wrong))).toBe(100)
    }
    expect(
      codeOf(await game.ask('POST', path, token, { ...pair, override_callback_uri: refusing.url })),
    ).toBe(2200)
    expect(await row()).toMatchObject({ override_callback_uri: hook.url })
    await game.ask('POST', path, token)
    expect(await row()).not.toHaveProperty('override_callback_uri')
  })

  it('has users assigned by the admin system user, with tasks', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [waba] = game.sim.state().accounts
    const user = game.sim.state().apps.find((app) => app.appId === lucky)?.systemUserId ?? ''
    const path = `/${waba?.id}/assigned_users`
    const assign = (tasks: string) =>
      game.ask('POST', `${path}?user=${user}&tasks=${encodeURIComponent(tasks)}`, game.system(lucky))
    const list = async () =>
      (await game.ask('GET', `${path}?business=${luckyBusiness}`, game.system(lucky))).body.data
    expect(codeOf(await game.ask('GET', path, game.system(lucky)))).toBe(100)
    expect((await assign("['MANAGE_BILLING']")).body).toEqual({ success: true })
    expect(await list()).toMatchObject([{ id: user, tasks: ['MANAGE_BILLING'] }])
    for (const tasks of ["['MANAGE']", "['FLY']", '[]', 'oops']) expect(codeOf(await assign(tasks))).toBe(100)
    expect((await game.ask('DELETE', `${path}?user=${user}`, game.system(lucky))).status).toBe(200)
    expect(await list()).toEqual([])
    expect(codeOf(await game.ask('DELETE', `${path}?user=${user}`, game.system(social)))).toBe(100)
  })
})
