import { describe, expect, it } from 'vitest'

import { type Play, codeOf, lucky, play, social } from './support/world.ts'

const solution = {
  solution_name: 'Made in Lucky Shrub’s window',
  partner_app_id: lucky,
  owner_permissions: ['MESSAGING'],
  partner_permissions: [],
}

/** Somebody of Social Overdrive who is logged in on Lucky Shrub's page. */
function founder(game: Play) {
  const person = game.sim
    .state()
    .people.find(({ appIds, name }) => name.startsWith('Founder') && appIds[0] === social)
  if (person === undefined) throw new Error('nobody is logged in')
  return person
}

describe('embedded creation', () => {
  it('goes from a person to an active solution that the Tech Provider owns', async () => {
    const game = await play()
    const { token } = founder(game)
    const apps = await game.ask('GET', '/me/application_details', token)
    expect(apps.body).toEqual({
      data: [{ link: 'https://www.socialoverdrive.com', name: 'Social Overdrive', id: social }],
    })
    const made = await game.ask('POST', `/${social}/whatsapp_business_solution`, token, solution)
    const id = String(made.body.solution_id)
    expect((await game.ask('POST', `/${id}/accept`, game.system(lucky))).body).toEqual({ success: true })
    const read = await game.ask('GET', `/${id}?fields=status,owner_app{id}`, game.system(lucky))
    expect(read.body).toMatchObject({ status: 'ACTIVE', owner_app: { id: social } })
  })

  it('leaves an INITIATED solution that the partner finds again when nobody accepts', async () => {
    const game = await play()
    await game.ask('POST', `/${social}/whatsapp_business_solution`, founder(game).token, solution)
    const path = `/${lucky}/whatsapp_business_solutions?role=PARTNER`
    expect((await game.ask('GET', path, game.system(lucky))).body.data).toMatchObject([
      { name: solution.solution_name, status: 'INITIATED', status_for_pending_request: 'PENDING_ACTIVATION' },
    ])
  })

  it('lists each app that the person picked, and creates for those only', async () => {
    const game = await play({ solutions: 1, partnersPerSolution: 2 })
    const stranger = String(game.sim.state().apps.at(-1)?.appId)
    const { body } = await game.control('POST', 'login', { app_ids: [social], more_apps: 2 })
    const [token, picked] = [String(body.user_token), body.app_ids as string[]]
    expect(picked).toHaveLength(3)
    for (const edge of ['application_details', 'assigned_applications']) {
      const apps = (await game.ask('GET', `/me/${edge}`, token)).body.data
      expect(apps?.map(({ id }) => id)).toEqual(picked)
    }
    const create = (app: string | undefined) =>
      game.ask('POST', `/${app}/whatsapp_business_solution`, token, solution)
    for (const app of picked) expect((await create(app)).status).toBe(200)
    expect(codeOf(await create(stranger))).toBe(200)
    expect(codeOf(await create(lucky))).toBe(200)
  })

  it('needs manage_app_solution, in the token of the person and in the one that accepts', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'login', { scopes: ['public_profile'] })
    const plain = String(body.user_token)
    expect(codeOf(await game.ask('GET', '/me/application_details', plain))).toBe(200)
    const path = `/${social}/whatsapp_business_solution`
    expect(codeOf(await game.ask('POST', path, plain, solution))).toBe(200)
    const id = String((await game.ask('POST', path, founder(game).token, solution)).body.solution_id)
    const accept = () => game.ask('POST', `/${id}/accept`, game.system(lucky))
    await game.control('POST', 'tokens', { token: game.system(lucky), scopes: ['business_management'] })
    expect(codeOf(await accept())).toBe(200)
    await game.control('POST', 'tokens', { token: game.system(lucky), scopes: ['manage_app_solution'] })
    expect((await accept()).status).toBe(200)
  })

  it('can do without application_details, which one guide alone shows', async () => {
    const game = await play({ applicationDetails: false })
    const { token } = founder(game)
    const refused = await game.ask('GET', '/me/application_details', token)
    expect(refused.body.error).toMatchObject({
      code: 100,
      message: expect.stringContaining('nonexisting field'),
    })
    expect((await game.ask('GET', '/me/assigned_applications', token)).body.data).toMatchObject([
      { id: social },
    ])
  })

  it('ends after hours, and a login is for no one but a person', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'login', {})
    expect((await game.ask('GET', '/me', String(body.user_token))).body).toMatchObject({ id: body.user_id })
    await game.control('POST', 'clock', { advanceMs: 3 * 3_600_000 })
    const late = await game.ask('GET', '/me/application_details', String(body.user_token))
    expect(late.body.error).toMatchObject({ code: 190, error_subcode: 463 })
    expect(codeOf(await game.ask('GET', '/me/application_details', game.system(social)))).toBe(803)
    expect((await game.control('POST', 'login', { app_ids: ['1'] })).status).toBe(404)
  })

  it("is not the partner's right: a person of the Tech Provider does not answer for the host", async () => {
    const game = await play()
    const { token } = founder(game)
    const made = await game.ask('POST', `/${social}/whatsapp_business_solution`, token, solution)
    expect(codeOf(await game.ask('POST', `/${String(made.body.solution_id)}/accept`, token))).toBe(200)
    expect(codeOf(await game.ask('GET', `/${lucky}/whatsapp_business_solutions`, token))).toBe(200)
  })

  it("shows a person the solutions of the picked apps, and not the host's others", async () => {
    const game = await play({ partnersPerSolution: 2, solutions: 1 })
    const { token } = founder(game)
    const stranger = String(game.sim.state().apps.at(-1)?.appId)
    const path = `/${lucky}/whatsapp_business_solution`
    const other = await game.ask('POST', path, game.system(lucky), { ...solution, partner_app_id: stranger })
    const list = await game.ask('GET', `/${social}/whatsapp_business_solutions?role=OWNER`, token)
    const [own] = list.body.data ?? []
    expect((await game.ask('GET', `/${String(own?.id)}`, token)).body.id).toBe(own?.id)
    expect(codeOf(await game.ask('GET', `/${String(other.body.solution_id)}`, token))).toBe(100)
  })
})
