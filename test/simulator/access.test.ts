import { describe, expect, it } from 'vitest'

import { codeOf, createSolution, lucky, play, social } from './support/world.ts'

const seeded = { solutions: 1, wabas: 2, partnersPerSolution: 2 }

describe('who may see what', () => {
  it('answers "does not exist" and "not yours" with the same words', async () => {
    const game = await play(seeded)
    const stranger = game.sim.state().apps.at(-1)
    const mine = await createSolution(game)
    const [notYours, nothing] = [
      await game.ask('GET', `/${mine}`, stranger?.systemToken),
      await game.ask('GET', '/123456789012345', stranger?.systemToken),
    ]
    expect(notYours.body.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' })
    expect(String(nothing.body.error?.message).replace('123456789012345', mine)).toBe(
      notYours.body.error?.message,
    )
    expect(notYours.status).toBe(400)
  })

  it('shows a solution to its owner and its partner', async () => {
    const game = await play()
    const id = await createSolution(game)
    for (const app of [lucky, social]) {
      expect((await game.ask('GET', `/${id}`, game.system(app))).body).toEqual({
        id,
        name: 'Social Overdrive with Lucky Shrub',
        status: 'INITIATED',
        status_for_pending_request: 'PENDING_ACTIVATION',
      })
    }
  })

  it('refuses a missing token with 104 and an unknown one with 190', async () => {
    const game = await play()
    expect(codeOf(await game.ask('GET', `/${lucky}`))).toBe(104)
    expect(codeOf(await game.ask('GET', `/${lucky}`, 'EAATnobody'))).toBe(190)
    expect(codeOf(await game.ask('GET', `/${lucky}`, `${lucky}|wrong`))).toBe(190)
  })

  it('lets an app list its own solutions only, by role', async () => {
    const game = await play(seeded)
    const list = (app: string, token: string, role = '') =>
      game.ask('GET', `/${app}/whatsapp_business_solutions?${role}`, token)
    expect((await list(social, game.system(social), 'role=OWNER')).body.data).toHaveLength(1)
    expect((await list(social, game.system(social), 'role=PARTNER')).body).toEqual({ data: [] })
    expect((await list(lucky, game.system(lucky), 'role=PARTNER')).body.data).toHaveLength(1)
    expect((await list(lucky, game.system(lucky))).body.data).toHaveLength(1)
    expect(codeOf(await list(lucky, game.system(lucky), 'role=KING'))).toBe(100)
    expect(codeOf(await list(lucky, game.system(social)))).toBe(200)
    expect(codeOf(await list(lucky, game.appToken(lucky)))).toBe(200)
  })

  it("keeps what only the customer's business token may read from the system token", async () => {
    const game = await play(seeded)
    const [waba] = game.sim.state().accounts
    const [id, owner] = [String(waba?.id), String(waba?.ownerBusinessId)]
    const token = game.businessToken(lucky, owner)
    for (const path of [`/${id}?fields=owner_business_info`, `/${id}?fields=primary_funding_id`]) {
      expect(codeOf(await game.ask('GET', path, game.system(lucky)))).toBe(200)
      expect((await game.ask('GET', path, token)).status).toBe(200)
    }
    const path = `/${owner}?fields=name,verification_status`
    expect(codeOf(await game.ask('GET', path, game.system(lucky)))).toBe(200)
    expect((await game.ask('GET', path, token)).body).toEqual({
      name: 'Wind & Wool',
      verification_status: 'verified',
      id: owner,
    })
    expect((await game.ask('GET', `/${owner}`, game.system(lucky))).body.name).toBe('Wind & Wool')
  })

  it('does not open one customer with the token of another', async () => {
    const game = await play(seeded)
    const [first, second] = game.sim.state().accounts
    const token = game.businessToken(lucky, String(first?.ownerBusinessId))
    expect((await game.ask('GET', `/${first?.id}`, token)).status).toBe(200)
    expect(codeOf(await game.ask('GET', `/${second?.id}`, token))).toBe(100)
    expect(codeOf(await game.ask('GET', `/${second?.phoneNumbers[0]?.id}`, token))).toBe(100)
  })

  it("hands out the customer's token by solution, to the system token and for a customer of that solution", async () => {
    const game = await play(seeded)
    const [waba] = game.sim.state().accounts
    const [id, owner] = [String(waba?.solutionIds[0]), String(waba?.ownerBusinessId)]
    const get = (token: string, solution: string, business: string) =>
      game.ask('GET', `/${solution}/access_token?business_id=${business}`, token)
    const own = game.businessToken(lucky, owner)
    expect((await get(game.system(lucky), id, owner)).body).toEqual({ data: [{ access_token: own }] })
    expect(codeOf(await get(game.system(lucky), id, '999'))).toBe(100)
    expect(codeOf(await get(game.system(lucky), id, ''))).toBe(100)
    expect(codeOf(await get(game.system(lucky), await createSolution(game), owner))).toBe(100)
    expect((await get(own, id, owner)).body.error).toMatchObject({ code: 100, error_subcode: 33 })
  })

  it('gives that token in the flat shape of the reference on request', async () => {
    const game = await play({ ...seeded, replyShapes: 'reference' })
    const [waba] = game.sim.state().accounts
    const path = `/${waba?.solutionIds[0]}/access_token?business_id=${waba?.ownerBusinessId}`
    expect((await game.ask('GET', path, game.system(lucky))).body).toEqual({
      access_token: game.businessToken(lucky, String(waba?.ownerBusinessId)),
      expires_at: expect.any(Number),
    })
  })
})

describe('debug_token', () => {
  it('names the app, the scopes and the accounts of a business token', async () => {
    const game = await play(seeded)
    const [waba] = game.sim.state().accounts
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    const { body } = await game.ask('GET', `/debug_token?input_token=${token}`, game.system(lucky))
    expect(body.data).toMatchObject({
      app_id: lucky,
      is_valid: true,
      expires_at: 0,
      granular_scopes: [
        { scope: 'whatsapp_business_management', target_ids: [waba?.id] },
        { scope: 'whatsapp_business_messaging', target_ids: [waba?.id] },
      ],
    })
  })

  it('answers 200 with is_valid false for an unknown token', async () => {
    const game = await play()
    const reply = await game.ask('GET', '/debug_token?input_token=nothing', game.appToken(lucky))
    expect([reply.status, reply.body.data]).toMatchObject([200, { is_valid: false, error: { code: 190 } }])
  })

  it('does not inspect the tokens of another app', async () => {
    const game = await play()
    const path = `/debug_token?input_token=${game.system(social)}`
    expect(codeOf(await game.ask('GET', path, game.system(lucky)))).toBe(200)
  })
})
