import { describe, expect, it } from 'vitest'

import {
  allocation,
  assign,
  customerOf,
  fundingOf,
  line,
  luckyBusiness,
  onboarded,
  post,
  shareAndAttach,
  shared,
  socialBusiness,
} from './support/credit.ts'
import { codeOf, lucky, play, social } from './support/world.ts'

describe('a credit line', () => {
  it('is found at the portfolio, by its id alone unless fields are asked for', async () => {
    const { ask, system } = await play()
    const path = `/${luckyBusiness}/extendedcredits`
    expect((await ask('GET', path, system(lucky))).body.data).toEqual([{ id: line }])
    expect((await ask('GET', `${path}?fields=id,legal_entity_name`, system(lucky))).body.data).toEqual([
      { id: line, legal_entity_name: 'Lucky Shrub' },
    ])
    const nested = await ask(
      'GET',
      `/${luckyBusiness}?fields=extendedcredits{legal_entity_name}`,
      system(lucky),
    )
    expect(nested.body.extendedcredits).toMatchObject({ data: [{ legal_entity_name: 'Lucky Shrub' }] })
    expect(codeOf(await ask('GET', `${path}?order_by_is_owned_credential=maybe`, system(lucky)))).toBe(100)
  })

  it('has amounts in which everything is text', async () => {
    const { ask, system } = await play()
    const fields =
      'balance,credit_available,max_balance,owner_business,is_access_revoked,liable_address{city}'
    const { body } = await ask('GET', `/${line}?fields=${fields}`, system(lucky))
    expect(body).toMatchObject({
      balance: {
        amount: '1250.50',
        amount_in_hundredths: '125050',
        currency: 'USD',
        offsetted_amount: '125050',
      },
      credit_available: { amount: '48749.50' },
      max_balance: { amount: '50000.00' },
      owner_business: { id: luckyBusiness },
      is_access_revoked: false,
      liable_address: { city: 'Menlo Park' },
      id: line,
    })
    expect((await ask('GET', `/${line}`, system(lucky))).body).toEqual({ id: line })
  })

  it("is a Solution Partner's: a Tech Provider has none, and is told of no other's", async () => {
    const { ask, system } = await play({ solutions: 1, wabas: 1 })
    expect((await ask('GET', `/${socialBusiness}/extendedcredits`, system(social))).body).toEqual({
      data: [],
    })
    for (const [method, path] of [
      ['GET', `/${line}`],
      ['GET', `/${luckyBusiness}/extendedcredits`],
      ['GET', `/${line}/owning_credit_allocation_configs`],
      ['POST', `/${line}/whatsapp_credit_sharing_and_attach`],
    ] as const) {
      expect((await ask(method, path, system(social))).body.error).toMatchObject({
        code: 100,
        error_subcode: 33,
      })
    }
  })

  it('is for the system token, of an admin or a financial editor', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const { token } = customerOf(game)
    const user = game.sim.state().tokens.find((row) => row.kind === 'user' && row.appId === lucky)?.token
    for (const path of [`/${line}`, `/${line}?fields=balance`, `/${line}/owning_credit_allocation_configs`]) {
      expect([codeOf(await game.ask('GET', path, token)), codeOf(await game.ask('GET', path, user))]).toEqual(
        [200, 200],
      )
    }
    const read = async () =>
      codeOf(await game.ask('GET', `/${luckyBusiness}/extendedcredits`, game.system(lucky)))
    await game.control('POST', 'role', { app_id: lucky, role: 'EMPLOYEE' })
    expect(await read()).toBe(200)
    await game.control('POST', 'role', { app_id: lucky, role: 'FINANCE_EDITOR' })
    expect(await read()).toBeUndefined()
  })

  it('comes several times when the seed says so', async () => {
    const { ask, system, sim } = await play({ creditLines: 2 })
    const { body } = await ask('GET', `/${luckyBusiness}/extendedcredits`, system(lucky))
    expect(body.data).toEqual(sim.state().creditLines.map(({ id }) => ({ id })))
    expect(body.data).toHaveLength(2)
    expect((await play({ creditLines: 0 })).sim.state().creditLines).toEqual([])
  })

  it('takes 5000 calls an hour of an app, on all its metered calls together', async () => {
    const { ask, system, control } = await play()
    const batch = async (relative_url: string) => {
      const items = Array.from({ length: 50 }, () => ({ method: 'GET', relative_url }))
      const rows = (await ask('POST', '/', system(lucky), { batch: items })).body as unknown as {
        code: number
      }[]
      return rows.map(({ code }) => code)
    }
    for (let round = 0; round < 100; round += 1) await batch(`${luckyBusiness}/extendedcredits`)
    expect(codeOf(await ask('GET', `/${line}/owning_credit_allocation_configs`, system(lucky)))).toBe(80_008)
    expect((await ask('GET', `/${line}`, system(lucky))).status).toBe(200)
    await control('POST', 'clock', { advanceMs: 3_600_000 })
    expect((await ask('GET', `/${luckyBusiness}/extendedcredits`, system(lucky))).status).toBe(200)
  })
})

describe('sharing and attaching in one call', () => {
  it('gives a record, and the account is funded by its receiving credential', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    expect(await fundingOf(game, customer)).toBeUndefined()
    await assign(game, customer, "['MANAGE_BILLING']")
    const { body } = await shareAndAttach(game, customer)
    expect(body).toEqual({ allocation_config_id: expect.stringMatching(/^\d+$/), waba_id: customer.waba })
    const id = String(body.allocation_config_id)
    const read = await allocation(
      game,
      id,
      'receiving_credential,receiving_business,owning_business,request_status',
    )
    expect(read.body).toEqual({
      id,
      receiving_credential: { id: await fundingOf(game, customer) },
      receiving_business: { name: 'Wind & Wool', id: customer.business },
      owning_business: { name: 'Lucky Shrub', id: luckyBusiness },
      request_status: 'APPROVED',
    })
    expect(game.sim.state()).toMatchObject({
      allocations: [
        { id, creditLineId: line, receivingBusinessId: customer.business, requestStatus: 'APPROVED' },
      ],
      attachments: [{ wabaId: customer.waba, allocationId: id, currency: 'USD', active: true }],
    })
  })

  it('wants the system user on the account first, with MANAGE or MANAGE_BILLING', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    expect((await shareAndAttach(game, customer)).body.error).toMatchObject({
      code: 200,
      error_user_msg: 'The system user is not assigned to this account',
    })
    await assign(game, customer, "['DEVELOP','VIEW_COST']")
    expect((await shareAndAttach(game, customer)).body.error).toMatchObject({
      code: 200,
      error_user_msg: 'The system user needs the task MANAGE or MANAGE_BILLING on this account',
    })
    const alone = await onboarded(game)
    await assign(game, alone, "['MANAGE']")
    expect((await shareAndAttach(game, alone)).status).toBe(200)
    expect(game.sim.state().allocations).toHaveLength(1)
  })

  it('takes its parameters from query, JSON or form alike', async () => {
    const game = await play()
    const [one, two] = [await onboarded(game), await onboarded(game)]
    await assign(game, one, "['MANAGE']")
    await assign(game, two, "['MANAGE']")
    const path = `/${line}/whatsapp_credit_sharing_and_attach`
    const json = { waba_currency: 'EUR', waba_id: one.waba }
    expect((await game.ask('POST', path, game.system(lucky), json)).status).toBe(200)
    const form = await fetch(`${game.sim.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${game.system(lucky)}` },
      body: new URLSearchParams({ waba_currency: 'EUR', waba_id: two.waba }),
    })
    expect(form.status).toBe(200)
    expect((await game.ask('GET', `/${one.waba}?fields=currency`, one.token)).body.currency).toBe('EUR')
  })

  it.each([
    [{ waba_currency: 'CHF' }, 100],
    [{ waba_currency: 'usd' }, 100],
    [{ waba_currency: '' }, 100],
    [{ waba_id: '' }, 100],
    [{ waba_id: 'x' }, 100],
    [{ waba_id: '102000000000001' }, 100],
  ])('refuses %j with code %i and shares nothing', async (wrong, code) => {
    const game = await play()
    const customer = await onboarded(game)
    await assign(game, customer, "['MANAGE']")
    expect(codeOf(await shareAndAttach(game, customer, wrong as Record<string, string>))).toBe(code)
    expect(game.sim.state().allocations).toEqual([])
  })

  it('takes each of the six currencies', async () => {
    const game = await play()
    for (const waba_currency of ['AUD', 'EUR', 'GBP', 'IDR', 'INR', 'USD']) {
      const customer = await onboarded(game)
      await assign(game, customer, "['MANAGE']")
      expect((await shareAndAttach(game, customer, { waba_currency })).status).toBe(200)
    }
    expect(game.sim.state().attachments).toHaveLength(6)
  })

  it('refuses the business token, and an account that is not shared with the partner', async () => {
    const game = await play()
    const customer = await onboarded(game)
    const params = { waba_currency: 'USD', waba_id: customer.waba }
    expect(codeOf(await post(game, 'whatsapp_credit_sharing_and_attach', params, customer.token))).toBe(200)
    const theirs = (await game.control('POST', 'onboard', { app_id: social })).body.waba_id
    expect((await shareAndAttach(game, customer, { waba_id: String(theirs) })).body.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    })
  })

  it('refuses an account that has a line, with this line or with another one', async () => {
    const game = await play({ creditLines: 2 })
    const customer = await onboarded(game)
    const id = await shared(game, customer)
    const [, other] = game.sim.state().creditLines
    const onOther = () =>
      game.ask(
        'POST',
        `/${other?.id}/whatsapp_credit_sharing_and_attach?waba_currency=USD&waba_id=${customer.waba}`,
        game.system(lucky),
      )
    expect((await shareAndAttach(game, customer)).body.error).toMatchObject({
      code: 100,
      error_user_msg: 'The line is attached to this account already',
    })
    const another = { code: 100, error_user_msg: 'Another line is attached to this account for good' }
    expect((await onOther()).body.error).toMatchObject(another)
    await game.ask('DELETE', `/${id}`, game.system(lucky))
    expect((await onOther()).body.error).toMatchObject(another)
    expect((await shareAndAttach(game, customer)).status).toBe(200)
    expect(await fundingOf(game, customer)).toBe(game.sim.state().allocations[1]?.receivingCredentialId)
  })

  it('keeps one record for a business with two accounts', async () => {
    const game = await play()
    const first = await onboarded(game)
    const second = await onboarded(game, { business_id: first.business })
    expect([second.business, second.waba === first.waba]).toEqual([first.business, false])
    expect(await shared(game, second)).toBe(await shared(game, first))
    expect(await fundingOf(game, second)).toBe(await fundingOf(game, first))
  })
})

describe('sharing first and attaching then', () => {
  it('takes the system token for one step and the business token for the other', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const customer = customerOf(game)
    const owner = await game.ask('GET', `/${customer.waba}?fields=owner_business_info`, customer.token)
    const receiving_business_id = String((owner.body.owner_business_info as { id: string }).id)
    const sharing = { receiving_business_id }
    const attaching = { waba_currency: 'INR', waba_id: customer.waba }
    expect(codeOf(await post(game, 'whatsapp_credit_sharing', sharing, customer.token))).toBe(200)
    expect((await post(game, 'whatsapp_credit_attach', attaching, customer.token)).body.error).toMatchObject({
      code: 100,
      error_user_msg: 'The line is not shared with the business of this account',
    })
    const first = await post(game, 'whatsapp_credit_sharing', sharing, game.system(lucky))
    expect(first.body).toEqual({ success: true, allocation_config_id: expect.any(String) })
    expect(await fundingOf(game, customer)).toBeUndefined()
    expect(codeOf(await post(game, 'whatsapp_credit_attach', attaching, game.system(lucky)))).toBe(200)
    const second = await post(game, 'whatsapp_credit_attach', attaching, customer.token)
    expect(second.body).toEqual({
      success: true,
      waba_id: customer.waba,
      allocation_config_id: first.body.allocation_config_id,
    })
    const read = await allocation(game, String(first.body.allocation_config_id), 'receiving_credential{id}')
    expect(read.body.receiving_credential).toEqual({ id: await fundingOf(game, customer) })
    expect(codeOf(await post(game, 'whatsapp_credit_attach', attaching, customer.token))).toBe(100)
  })

  it('needs no system user on the account, unless the seed says so', async () => {
    const game = await play({ attachNeedsUser: true })
    const customer = await onboarded(game)
    const attaching = { waba_currency: 'USD', waba_id: customer.waba }
    await post(
      game,
      'whatsapp_credit_sharing',
      { receiving_business_id: customer.business },
      game.system(lucky),
    )
    expect(codeOf(await post(game, 'whatsapp_credit_attach', attaching, customer.token))).toBe(200)
    await assign(game, customer, "['MANAGE_BILLING']")
    expect((await post(game, 'whatsapp_credit_attach', attaching, customer.token)).status).toBe(200)
  })

  it('shares only with the business of a customer, and attaches only its own accounts', async () => {
    const game = await play()
    const [one, two] = [await onboarded(game), await onboarded(game)]
    for (const receiving_business_id of ['', '999', luckyBusiness, socialBusiness]) {
      expect(
        codeOf(await post(game, 'whatsapp_credit_sharing', { receiving_business_id }, game.system(lucky))),
      ).toBe(100)
    }
    await post(game, 'whatsapp_credit_sharing', { receiving_business_id: one.business }, game.system(lucky))
    const params = { waba_currency: 'USD', waba_id: two.waba }
    expect((await post(game, 'whatsapp_credit_attach', params, one.token)).body.error).toMatchObject({
      code: 100,
      error_subcode: 33,
    })
    expect(game.sim.state().attachments).toEqual([])
  })
})

describe('an account that the partner has asked for', () => {
  it('has no use for the business token: the system token attaches the line and reads it back', async () => {
    const game = await play()
    const { body } = await game.control('POST', 'install', {})
    const [waba, business] = [String(body.waba_id), String(body.business_id)]
    const system = game.system(lucky)
    const sharing = await post(game, 'whatsapp_credit_sharing', { receiving_business_id: business }, system)
    const attaching = { waba_currency: 'USD', waba_id: waba }
    const token = game.businessToken(lucky, business)
    expect(codeOf(await post(game, 'whatsapp_credit_attach', attaching, token))).toBe(100)
    expect((await post(game, 'whatsapp_credit_attach', attaching, system)).status).toBe(200)
    const read = await allocation(game, String(sharing.body.allocation_config_id), 'receiving_credential')
    const funding = await game.ask('GET', `/${waba}?fields=primary_funding_id`, system)
    expect(read.body.receiving_credential).toEqual({ id: funding.body.primary_funding_id })
  })
})
