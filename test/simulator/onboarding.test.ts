import { describe, expect, it } from 'vitest'

import { bothListen, valuesOf } from './support/callback.ts'
import { createSolution, lucky, play, social } from './support/world.ts'

describe('a customer that completes Embedded Signup', () => {
  it('comes to be with account, number and tokens, and each partner hears of it', async () => {
    const game = await play({ solutions: 1 })
    const { luckyHook, socialHook } = await bothListen(game)
    const solution_id = String(game.sim.state().solutions[0]?.id)
    const names = { business_name: 'Grünwald / Söhne', waba_name: 'Söhne on WhatsApp' }
    const { body } = await game.control('POST', 'onboard', { solution_id, ...names })
    await Promise.all([luckyHook.count(1), socialHook.count(1)])
    const value = {
      event: 'PARTNER_ADDED',
      waba_info: {
        waba_id: body.waba_id,
        owner_business_id: body.business_id,
        solution_id,
        solution_partner_business_ids: ['520744086200222', '506914307656634'],
      },
    }
    expect([valuesOf(luckyHook), valuesOf(socialHook)]).toEqual([[value], [value]])
    expect(luckyHook.deliveries[0]?.body.entry).toMatchObject([
      { id: '506914307656634', changes: [{ field: 'account_update' }] },
    ])
    for (const app of [lucky, social]) {
      const token = game.businessToken(app, String(body.business_id))
      const read = await game.ask(
        'GET',
        `/${String(body.waba_id)}?fields=name,owner_business_info,phone_numbers{status}`,
        token,
      )
      expect(read.body).toMatchObject({
        name: 'Söhne on WhatsApp',
        owner_business_info: { name: 'Grünwald / Söhne', id: body.business_id },
        phone_numbers: { data: [{ status: 'PENDING' }] },
      })
    }
  })

  it('belongs to one app alone without a solution, and the webhook has no solution keys', async () => {
    const game = await play()
    const { luckyHook, socialHook } = await bothListen(game)
    const first = (await game.control('POST', 'onboard', {})).body
    await luckyHook.count(1)
    expect(valuesOf(luckyHook)).toEqual([
      { event: 'PARTNER_ADDED', waba_info: { waba_id: first.waba_id, owner_business_id: first.business_id } },
    ])
    const second = (await game.control('POST', 'onboard', { app_id: social, registered: true })).body
    await socialHook.count(1)
    expect([first.app_ids, second.app_ids]).toEqual([[lucky], [social]])
    expect(valuesOf(luckyHook)).toHaveLength(1)
    const list = await game.ask(
      'GET',
      `/506914307656634/client_whatsapp_business_accounts`,
      game.system(lucky),
    )
    expect(list.body.data).toMatchObject([{ id: first.waba_id, business_type: 'ent' }])
  })

  it('comes through a solution while that is active, also with a deactivation asked for', async () => {
    const game = await play()
    const solution_id = await createSolution(game)
    const onboard = async () => (await game.control('POST', 'onboard', { solution_id })).status
    const step = (app: string, call: string) => game.ask('POST', `/${solution_id}/${call}`, game.system(app))
    expect(await onboard()).toBe(409)
    await step(lucky, 'accept')
    expect(await onboard()).toBe(200)
    await step(social, 'send_deactivation_request')
    expect(await onboard()).toBe(200)
    await step(lucky, 'accept_deactivation_request')
    expect(await onboard()).toBe(409)
    expect((await game.control('POST', 'onboard', { solution_id: '1' })).status).toBe(404)
    expect((await game.control('POST', 'onboard', { app_id: '1' })).status).toBe(404)
  })
})
