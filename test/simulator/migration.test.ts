import { describe, expect, it } from 'vitest'

import { type Play, codeOf, createSolution, lucky, play, social } from './support/world.ts'

const day = 86_400_000

async function onboard(game: Play, more: object) {
  const { body } = await game.control('POST', 'onboard', more)
  const [phone] = body.phone_number_ids as string[]
  return { waba: String(body.waba_id), business: String(body.business_id), phone: String(phone) }
}

/** A second active solution of the two. */
async function another(game: Play): Promise<string> {
  const id = await createSolution(game)
  await game.ask('POST', `/${id}/accept`, game.system(lucky))
  return id
}

const tag = (game: Play, waba: string, token: string, body: object) =>
  game.ask('POST', `/${waba}/set_solution_migration_intent`, token, body)

describe('adding an account to a solution', () => {
  const stage = async () => {
    const game = await play({ solutions: 1 })
    const customer = await onboard(game, { app_id: lucky })
    const solution_id = String(game.sim.state().solutions[0]?.id)
    const token = game.businessToken(lucky, customer.business)
    return { game, customer, solution_id, token }
  }

  it('waits for the customer, who accepts and finishes it in Business Suite', async () => {
    const { game, customer, solution_id, token } = await stage()
    const made = await tag(game, customer.waba, token, { solution_id })
    expect(made.body).toEqual({ id: expect.stringMatching(/^\d+$/) })
    const id = String(made.body.id)
    const read = async () => (await game.ask('GET', `/${id}`, token)).body
    expect(await read()).toEqual({
      solution: {
        name: expect.any(String),
        status: 'ACTIVE',
        status_for_pending_request: 'NONE',
        id: solution_id,
      },
      status: 'INITIATED',
      id,
    })
    await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    expect(await read()).toMatchObject({
      status: 'ACCEPTED',
      destination_waba: { id: customer.waba, business_type: 'ent', timezone_id: expect.any(String) },
    })
    const theirs = game.businessToken(social, customer.business)
    const solutions = await game.ask('GET', `/${customer.waba}/solutions`, theirs)
    expect(solutions.body.data).toMatchObject([{ id: solution_id }])
    await game.control('POST', 'intents', { id, status: 'COMPLETED' })
    expect(await read()).toMatchObject({ status: 'COMPLETED' })
  })

  it('is accepted and confirmed by itself after 90 days of silence', async () => {
    const { game, customer, solution_id, token } = await stage()
    const id = String((await tag(game, customer.waba, token, { solution_id })).body.id)
    const status = async () => (await game.ask('GET', `/${id}?fields=status`, token)).body.status
    await game.control('POST', 'clock', { advanceMs: 89 * day })
    expect(await status()).toBe('INITIATED')
    await game.control('POST', 'clock', { advanceMs: day })
    expect(await status()).toBe('COMPLETED')
    expect(game.sim.state().accounts.find(({ id: waba }) => waba === customer.waba)?.solutionIds).toEqual([
      solution_id,
    ])
  })

  it('is declined, and then another try is free', async () => {
    const { game, customer, solution_id, token } = await stage()
    const id = String((await tag(game, customer.waba, token, { solution_id })).body.id)
    expect(codeOf(await tag(game, customer.waba, token, { solution_id }))).toBe(100)
    expect((await game.control('POST', 'intents', { id, status: 'COMPLETED' })).status).toBe(409)
    await game.control('POST', 'intents', { id, status: 'REJECTED' })
    expect((await game.control('POST', 'intents', { id, status: 'ACCEPTED' })).status).toBe(409)
    await game.control('POST', 'clock', { advanceMs: 91 * day })
    expect((await game.ask('GET', `/${id}?fields=status`, token)).body.status).toBe('REJECTED')
    expect((await tag(game, customer.waba, token, { solution_id })).status).toBe(200)
  })

  it('takes one target, an active one of your own, and the business token', async () => {
    const { game, customer, solution_id, token } = await stage()
    const asleep = await createSolution(game)
    const code = async (body: object, by = token) => codeOf(await tag(game, customer.waba, by, body))
    expect(await code({})).toBe(100)
    expect(await code({ solution_id, app_id: lucky })).toBe(100)
    expect(await code({ solution_id: 'x' })).toBe(100)
    expect(await code({ solution_id: '1' })).toBe(100)
    expect(await code({ solution_id: asleep })).toBe(100)
    expect(await code({ app_id: lucky })).toBe(100)
    expect(await code({ solution_id }, game.system(lucky))).toBe(200)
    expect(await code({ solution_id }, game.system(social))).toBe(100)
  })
})

describe('an account that is in a solution', () => {
  const stage = async (accountModel: 'old' | 'new' = 'new') => {
    const game = await play({ solutions: 1, accountModel })
    const from = String(game.sim.state().solutions[0]?.id)
    const customer = await onboard(game, { solution_id: from, registered: true })
    return { game, from, customer, token: game.businessToken(social, customer.business) }
  }

  it('moves to another, in the old model: the destination account, the number, its registration', async () => {
    const { game, from, customer, token } = await stage('old')
    const to = await another(game)
    expect(codeOf(await tag(game, customer.waba, token, { solution_id: from }))).toBe(100)
    const id = String((await tag(game, customer.waba, token, { solution_id: to })).body.id)
    await game.control('POST', 'clock', { advanceMs: 91 * day })
    const read = await game.ask('GET', `/${id}?fields=status,waba{id},destination_waba`, token)
    expect(read.body).toEqual({ status: 'INITIATED', waba: { id: customer.waba }, id })
    const accepted = await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    const destination = String(accepted.body.destination_waba_id)
    expect(destination).not.toBe(customer.waba)

    const theirs = game.businessToken(lucky, customer.business)
    const shown = (await game.ask('GET', `/${customer.phone}?fields=display_phone_number`, theirs)).body
    const digits = String(shown.display_phone_number)
    const move = { migrate_phone_number: true, cc: '1', phone_number: digits }
    const path = `/${destination}/phone_numbers`
    await game.control('POST', 'phones', { id: customer.phone, pin: '111111' })
    expect(codeOf(await game.ask('POST', path, theirs, move))).toBe(100)
    await game.control('POST', 'phones', { id: customer.phone, pin: null })
    const phone = String((await game.ask('POST', path, theirs, move)).body.id)
    expect(codeOf(await game.ask('POST', path, theirs, move))).toBe(100)
    const numbers = async (waba: string) =>
      (await game.ask('GET', `/${waba}/phone_numbers?fields=id,status`, theirs)).body.data
    expect(await numbers(customer.waba)).toEqual([{ id: customer.phone, status: 'CONNECTED' }])
    const pin = { messaging_product: 'whatsapp', pin: '222222' }
    expect((await game.ask('POST', `/${phone}/register`, theirs, pin)).status).toBe(200)
    expect(await numbers(customer.waba)).toEqual([])
    expect(await numbers(destination)).toEqual([{ id: phone, status: 'CONNECTED' }])
  })

  it('is read by the partner whom it brings in, once the customer has accepted', async () => {
    const game = await play({ solutions: 1, partnersPerSolution: 2 })
    const [seeded] = game.sim.state().solutions
    const newcomer = String(seeded?.partners.find(({ appId }) => appId !== lucky)?.appId)
    const customer = await onboard(game, { solution_id: await another(game) })
    const made = await tag(game, customer.waba, game.businessToken(social, customer.business), {
      solution_id: seeded?.id,
    })
    const id = String(made.body.id)
    expect(codeOf(await game.ask('GET', `/${id}`, game.system(newcomer)))).toBe(100)
    await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    const path = `/${seeded?.id}/access_token?business_id=${customer.business}`
    const [given] = (await game.ask('GET', path, game.system(newcomer))).body.data ?? []
    const read = await game.ask('GET', `/${id}`, String(given?.access_token))
    expect(read.body).toMatchObject({ id, status: 'ACCEPTED', destination_waba: { id: expect.any(String) } })
  })

  it('leaves it with the app that it was tagged with, and nobody else', async () => {
    const { game, customer, token } = await stage()
    expect(codeOf(await tag(game, customer.waba, token, { app_id: lucky }))).toBe(200)
    const id = String((await tag(game, customer.waba, token, { app_id: social })).body.id)
    await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    const read = await game.ask('GET', `/${id}`, game.system(social))
    expect(read.body).toMatchObject({ status: 'ACCEPTED', destination_waba: { id: expect.any(String) } })
    expect(read.body).not.toHaveProperty('solution')
    const destination = (read.body.destination_waba as { id: string }).id
    expect((await game.ask('GET', `/${destination}`, token)).status).toBe(200)
    expect(codeOf(await game.ask('GET', `/${destination}`, game.system(lucky)))).toBe(100)
  })

  it('moves to another, in the new model: the number is registered there, and not migrated', async () => {
    const { game, customer, token } = await stage()
    const to = await another(game)
    const id = String((await tag(game, customer.waba, token, { solution_id: to })).body.id)
    const accepted = await game.control('POST', 'intents', { id, status: 'ACCEPTED' })
    const destination = String(accepted.body.destination_waba_id)
    const theirs = game.businessToken(lucky, customer.business)
    const digits = game.sim.state().accounts.find(({ id: waba }) => waba === customer.waba)
      ?.phoneNumbers[0]?.displayPhoneNumber
    const path = `/${destination}/phone_numbers`
    const number = { cc: '1', phone_number: digits, verified_name: 'Ours' }
    const refused = await game.ask('POST', path, theirs, { ...number, migrate_phone_number: true })
    expect(refused.body.error).toMatchObject({ code: 100, message: expect.stringContaining('not supported') })
    expect((await game.ask('POST', path, theirs, number)).body).toEqual({ id: customer.phone })
    for (const waba of [customer.waba, destination]) {
      const { data } = (await game.ask('GET', `/${waba}/phone_numbers?fields=id,status`, theirs)).body
      expect(data).toEqual([{ id: customer.phone, status: 'CONNECTED' }])
    }
  })

  it('takes a number from elsewhere, in the old model, only with a code when no intent was accepted', async () => {
    const { game, customer } = await stage('old')
    const other = await onboard(game, { app_id: lucky })
    const token = game.businessToken(lucky, other.business)
    const number = game.sim.state().accounts.find(({ id }) => id === customer.waba)
      ?.phoneNumbers[0]?.displayPhoneNumber
    const path = `/${other.waba}/phone_numbers`
    const add = { cc: '1', phone_number: number, verified_name: 'Mine' }
    expect(codeOf(await game.ask('POST', path, token, add))).toBe(100)
    const moved = await game.ask('POST', path, token, { ...add, migrate_phone_number: true })
    const pin = { messaging_product: 'whatsapp', pin: '222222' }
    const register = await game.ask('POST', `/${String(moved.body.id)}/register`, token, pin)
    expect(codeOf(register)).toBe(133_006)
    const free = { ...add, phone_number: '2025550123', migrate_phone_number: true }
    expect(codeOf(await game.ask('POST', path, token, free))).toBe(100)
  })
})
