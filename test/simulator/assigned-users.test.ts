import { describe, expect, it } from 'vitest'

import {
  type Customer,
  assign,
  customerOf,
  luckyBusiness,
  onboarded,
  shareAndAttach,
} from './support/credit.ts'
import { type Play, codeOf, createSolution, lucky, play, social } from './support/world.ts'

describe('tasks on an account that came through a solution', () => {
  const list = async (game: Play, { waba }: Customer): Promise<unknown> => {
    const path = `/${waba}/assigned_users?business=${luckyBusiness}&fields=tasks,user_type,business`
    return (await game.ask('GET', path, game.system(lucky))).body.data
  }

  it('are chosen from the list without MESSAGING, and free with it', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    for (const task of ['MANAGE', 'MESSAGING', 'FULL_CONTROL', 'RECEIVE_INCOMING_MESSAGES']) {
      const reply = await assign(game, customer, `['DEVELOP','${task}']`)
      expect(reply.body.error?.message).toContain(`${task} cannot be assigned`)
      expect((await assign(game, customer, `['${task}']`, social)).status).toBe(200)
    }
    const all =
      'DEVELOP MANAGE_TEMPLATES MANAGE_PHONE VIEW_COST MANAGE_EXTENSIONS VIEW_PHONE_ASSETS MANAGE_PHONE_ASSETS ' +
      'VIEW_TEMPLATES VIEW_INSIGHTS MANAGE_USERS MANAGE_BILLING'
    expect((await assign(game, customer, JSON.stringify(all.split(' ')))).status).toBe(200)
    expect(await list(game, customer)).toMatchObject([
      { tasks: all.split(' '), user_type: 'SYSTEM_USER', business: { id: luckyBusiness } },
    ])
  })

  it('include MANAGE for a partner who was given MESSAGING, and for one who has it without a solution', async () => {
    const game = await play()
    const body = { owner_permissions: [], partner_permissions: ['MESSAGING'] }
    const solution_id = await createSolution(game, body)
    await game.ask('POST', `/${solution_id}/accept`, game.system(lucky))
    expect((await assign(game, await onboarded(game, { solution_id }), "['MANAGE']")).status).toBe(200)
    expect((await assign(game, await onboarded(game), "['MANAGE']")).status).toBe(200)
  })

  it('come as a form list too, and replace the old ones unless the seed refuses that', async () => {
    const game = await play()
    const customer = await onboarded(game)
    const user = game.sim.state().apps[0]?.systemUserId ?? ''
    const send = async (form: string) =>
      fetch(`${game.sim.url}/${customer.waba}/assigned_users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${game.system(lucky)}` },
        body: new URLSearchParams(form),
      })
    expect((await send(`user=${user}&tasks[]=DEVELOP&tasks[]=MANAGE_BILLING`)).status).toBe(200)
    expect(await list(game, customer)).toMatchObject([{ tasks: ['DEVELOP', 'MANAGE_BILLING'] }])
    expect((await send(`user=${user}&tasks[0]=MANAGE`)).status).toBe(200)
    expect(await list(game, customer)).toMatchObject([{ tasks: ['MANAGE'] }])
    await game.control('POST', 'reset', { seed: { assignedAgain: 'refuse' } })
    const again = await onboarded(game)
    await assign(game, again, "['DEVELOP']")
    expect(codeOf(await assign(game, again, "['MANAGE']"))).toBe(100)
    expect(await list(game, again)).toMatchObject([{ tasks: ['DEVELOP'] }])
  })

  it('are given by an admin system user only', async () => {
    const game = await play()
    const customer = await onboarded(game)
    await game.control('POST', 'role', { app_id: lucky, role: 'EMPLOYEE' })
    expect(codeOf(await assign(game, customer, "['MANAGE']"))).toBe(200)
    expect((await game.control('POST', 'role', { app_id: 'nobody', role: 'ADMIN' })).status).toBe(404)
  })
})

describe('a system token without business_management', () => {
  it('reads no credit line and shares none, but still reads accounts', async () => {
    const game = await play()
    const customer = await onboarded(game)
    await assign(game, customer, "['MANAGE']")
    const scopes = ['whatsapp_business_management', 'whatsapp_business_messaging']
    await game.control('POST', 'tokens', { token: game.system(lucky), scopes })
    expect(codeOf(await game.ask('GET', `/${luckyBusiness}/extendedcredits`, game.system(lucky)))).toBe(200)
    expect(codeOf(await shareAndAttach(game, customer))).toBe(200)
    expect((await game.ask('GET', `/${customer.waba}`, game.system(lucky))).status).toBe(200)
  })
})

describe('system users of a portfolio', () => {
  it('are listed to its own system token with name and role', async () => {
    const { ask, system, sim } = await play({ solutions: 1, wabas: 1 })
    const id = sim.state().apps[0]?.systemUserId
    const path = `/${luckyBusiness}/system_users`
    expect((await ask('GET', path, system(lucky))).body.data).toEqual([
      { id, name: 'Lucky Shrub system user', role: 'ADMIN' },
    ])
    const [waba] = sim.state().accounts
    expect(codeOf(await ask('GET', `/${waba?.ownerBusinessId}/system_users`, system(lucky)))).toBe(200)
    expect(codeOf(await ask('GET', `/${waba?.id}/system_users`, system(lucky)))).toBe(100)
  })
})
