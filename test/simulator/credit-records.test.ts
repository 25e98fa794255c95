import { describe, expect, it } from 'vitest'

import { allocation, customerOf, fundingOf, line, onboarded, shared } from './support/credit.ts'
import { type Play, lucky, play, social } from './support/world.ts'

describe('the records of a line', () => {
  const list = ({ ask, system }: Play, query = '') =>
    ask('GET', `/${line}/owning_credit_allocation_configs?${query}`, system(lucky))

  it('are a list, of one business as of all', async () => {
    const game = await play()
    const customer = await onboarded(game)
    const query = `receiving_business_id=${customer.business}&fields=id,receiving_business`
    expect((await list(game, query)).body).toEqual({ data: [] })
    const row = {
      id: await shared(game, customer),
      receiving_business: { name: 'Wind & Wool', id: customer.business },
    }
    expect((await list(game, query)).body).toEqual({ data: [row], paging: { cursors: expect.anything() } })
    expect((await list(game)).body.data).toEqual([{ id: row.id }])
    const nested = `owning_credit_allocation_configs.receiving_business_id(${customer.business}){receiving_business}`
    const expanded = await game.ask('GET', `/${line}?fields=${nested}`, game.system(lucky))
    expect(expanded.body.owning_credit_allocation_configs).toMatchObject({ data: [row] })
  })

  it('are the bare record of one business, as in the guide, when the seed says so', async () => {
    const game = await play({ allocationReply: 'record' })
    const customer = await onboarded(game)
    const query = `receiving_business_id=${customer.business}`
    expect((await list(game, query)).body).toEqual({ data: [] })
    const id = await shared(game, customer)
    expect((await list(game, query)).body).toEqual({ id })
    expect((await list(game)).body.data).toEqual([{ id }])
  })

  it('leave out what is revoked, which stays readable by its id as DELETED', async () => {
    const game = await play()
    const customer = await onboarded(game)
    const id = await shared(game, customer)
    expect((await game.ask('DELETE', `/${id}`, game.system(lucky))).body).toEqual({ success: true })
    expect((await list(game)).body).toEqual({ data: [] })
    expect((await allocation(game, id, 'receiving_business,request_status')).body).toEqual({
      id,
      receiving_business: { name: 'Wind & Wool', id: customer.business },
      request_status: 'DELETED',
    })
    expect((await game.ask('DELETE', `/${id}`, game.system(lucky))).body.error).toMatchObject({
      code: 100,
      error_user_msg: 'The line is not shared any more',
    })
  })

  it('are for the owner alone', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    const id = await shared(game, customer)
    for (const token of [game.system(social), customer.token, game.appToken(lucky)]) {
      expect((await game.ask('GET', `/${id}`, token)).body.error).toMatchObject({
        code: 100,
        error_subcode: 33,
      })
      expect((await game.ask('DELETE', `/${id}`, token)).body.error).toMatchObject({
        code: 100,
        error_subcode: 33,
      })
    }
    expect(game.sim.state().attachments).toMatchObject([{ active: true }])
  })
})

describe('revoking', () => {
  it('hits every account of the business, and no other business', async () => {
    const game = await play()
    const first = await onboarded(game)
    const second = await onboarded(game, { business_id: first.business })
    const other = await onboarded(game)
    const id = await shared(game, first)
    await shared(game, second)
    await shared(game, other)
    await game.ask('DELETE', `/${id}`, game.system(lucky))
    expect([await fundingOf(game, first), await fundingOf(game, second)]).toEqual([undefined, undefined])
    expect(await fundingOf(game, other)).toMatch(/^\d+$/)
    expect(game.sim.state().attachments.map((row) => row.active)).toEqual([false, false, true])
  })

  it('is also done by a person in Business Suite', async () => {
    const game = await play()
    const customer = await onboarded(game)
    const allocation_id = await shared(game, customer)
    expect((await game.control('POST', 'revoke_credit', { allocation_id })).status).toBe(200)
    expect(await fundingOf(game, customer)).toBeUndefined()
    expect((await game.control('POST', 'revoke_credit', { allocation_id })).status).toBe(409)
    expect((await game.control('POST', 'revoke_credit', { allocation_id: '1' })).status).toBe(404)
  })

  it('still works after the customer has unshared the account, when its owner cannot be read any more', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    const id = await shared(game, customer)
    await game.control('POST', 'unshare', { waba_id: customer.waba })
    const owner = await game.ask('GET', `/${customer.waba}?fields=owner_business_info`, customer.token)
    expect(owner.body.error).toMatchObject({ code: 100, error_subcode: 33 })
    const found = await game.ask(
      'GET',
      `/${line}/owning_credit_allocation_configs?receiving_business_id=${customer.business}`,
      game.system(lucky),
    )
    expect(found.body.data).toEqual([{ id }])
    expect((await game.ask('DELETE', `/${id}`, game.system(lucky))).body).toEqual({ success: true })
  })
})
