import { afterEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, socialOverdrive, type Customer, type Json } from '../writes/support/play.ts'

const noOtherToken = { path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 }

describe('the rule that onboards what arrives, when it has to wait', () => {
  let play: Play
  const lines: string[] = []

  const begin = async (options: Parameters<typeof Play.begin>[0] = {}): Promise<void> => {
    lines.length = 0
    play = await Play.begin({
      ...options,
      log: { write: (line) => void lines.push(line) },
      overrides: { autoOnboard: { subscribe: true, creditCurrency: null }, logLevel: 'warn' },
    })
    await play.control.faults(noOtherToken)
  }
  afterEach(() => play.close())

  const arrive = (more: Json = {}): Promise<Customer> =>
    play.control.play<Customer>('onboard', { app_id: luckyShrub, ...more })
  const complete = ({ code, waba_id: wabaId }: Customer, instance = 0): Promise<Json> =>
    play.mutate('completeEmbeddedSignup', { appId: luckyShrub, code, wabaId }, instance)
  const automatic = async (
    { waba_id: wabaId }: Pick<Customer, 'waba_id'>,
    instance = 0,
  ): Promise<unknown> => {
    const query = `query ($id: ID!, $appId: ID!) { clientWaba(id: $id) { onboarding(appId: $appId) {
      automatic { state steps waitsFor reason since nextTryAt } } } }`
    const asked = await play.ask(query, { id: wabaId, appId: luckyShrub }, instance)
    const { clientWaba } = asked as { clientWaba: { onboarding: { automatic: unknown } } }
    return clientWaba.onboarding.automatic
  }
  const isSubscribed = ({ waba_id: wabaId }: Pick<Customer, 'waba_id'>, appId = luckyShrub): boolean =>
    play.sim
      .state()
      .accounts.some(({ id, subscribedApps }) => id === wabaId && subscribedApps.includes(appId))
  const waits = async (customer: Pick<Customer, 'waba_id'>): Promise<void> => {
    await expect.poll(() => automatic(customer)).toMatchObject({ state: 'WAITING' })
  }
  const events = async ({ waba_id: wabaId }: Customer): Promise<readonly unknown[]> => {
    const query = `query ($w: ID!) { events(last: 50, filter: { wabaId: $w, sources: [GATEWAY] }) {
      edges { node { ... on ClientWabaEvent { event } } } } }`
    const { events: found } = (await play.ask(query, { w: wabaId })) as {
      events: { edges: { node: { event?: string } }[] }
    }
    return found.edges.flatMap(({ node }) => node.event ?? [])
  }

  it('says what it waits for, and goes on as soon as the customer’s token has come', async () => {
    await begin()
    const customer = await arrive()
    await waits(customer)
    expect(await automatic(customer)).toEqual({
      state: 'WAITING',
      steps: ['WEBHOOKS_SUBSCRIBED'],
      waitsFor: 'US',
      reason: expect.stringContaining('token') as string,
      since: expect.any(String) as string,
      nextTryAt: expect.any(String) as string,
    })
    expect(lines.filter((line) => line.includes('automatic onboarding waits'))).toHaveLength(1)
    const metrics = await (await fetch(`${play.urls[0]}/metrics`)).text()
    expect(metrics).toContain(`mps_auto_onboard_waiting{app_id="${luckyShrub}",waits_for="US"} 1`)

    await complete(customer)
    await expect.poll(() => isSubscribed(customer)).toBe(true)
    await expect.poll(() => automatic(customer)).toMatchObject({ state: 'DONE', nextTryAt: null })
    expect(await events(customer)).toEqual(
      expect.arrayContaining(['AUTO_ONBOARD_WAITING', 'AUTO_ONBOARD_DONE']),
    )
    expect((await play.writes())['POST /{waba}/subscribed_apps']).toBe(1)
  })

  it('goes on waiting as it was when webhooks come that change nothing of what it waits for', async () => {
    await begin()
    const customer = await arrive()
    await waits(customer)
    const { since } = (await automatic(customer)) as { since: string }
    play.aheadMs += 3_600_000
    for (let n = 0; n < 3; n += 1) {
      await notify(customer, 'message_template_status_update', {
        event: 'APPROVED',
        message_template_id: 100 + n,
        message_template_name: 'hello',
        message_template_language: 'en',
      })
      await notify(customer, 'account_update', { event: 'VERIFIED_ACCOUNT', n })
    }
    await expect
      .poll(async () => {
        const { nextTryAt } = (await automatic(customer)) as { nextTryAt: string }
        return Date.parse(nextTryAt) - Date.parse(since)
      })
      .toBeGreaterThan(3_600_000)
    expect(await automatic(customer)).toMatchObject({ state: 'WAITING', since })
    expect((await events(customer)).filter((event) => event === 'AUTO_ONBOARD_WAITING')).toHaveLength(1)
    expect(lines.filter((line) => line.includes('automatic onboarding waits'))).toHaveLength(1)
  })

  it('acts on an account of which only the permission is told', async () => {
    await begin()
    const installed = await play.control.play<Customer>('install', { app_id: luckyShrub })
    await expect.poll(() => isSubscribed(installed)).toBe(true)
    expect(await automatic(installed)).toMatchObject({ state: 'DONE' })
  })

  it('acts on an account of which a verification that is needed tells, unless the business had come before', async () => {
    await begin()
    await play.control.faults()
    const event = 'PARTNER_CLIENT_CERTIFICATION_NEEDED'
    const customer = await arrive({ event })
    await expect.poll(() => isSubscribed(customer)).toBe(true)
    const again = await arrive({ event, business_id: customer.business_id, new_customer: false })
    const known = await arrive()
    await expect.poll(() => isSubscribed(known)).toBe(true)
    const { waba_id: wabaId, business_id: businessId } = known
    await play.mutate('unsubscribeAppFromWaba', { appId: luckyShrub, wabaId })
    const later = await arrive({ event, business_id: businessId, new_customer: false })
    const last = await arrive()
    await expect.poll(() => isSubscribed(last)).toBe(true)
    expect([isSubscribed(again), isSubscribed(later)]).toEqual([true, false])
    expect(await automatic(later)).toBeNull()
  })

  it('goes on when a second webhook tells of the solution that gives the token', async () => {
    await begin()
    const solutionId = await play.solution('Together')
    await play.control.play('webhooks', { appId: luckyShrub, delayMs: 60_000 })
    const customer = await arrive({ solution_id: solutionId })
    const told = { waba_id: customer.waba_id, owner_business_id: customer.business_id }
    await tell('PARTNER_ADDED', told)
    await waits(customer)
    await tell('PARTNER_APP_INSTALLED', { ...told, solution_id: solutionId, partner_app_id: luckyShrub })
    await expect.poll(() => isSubscribed(customer)).toBe(true)
  })

  it('goes on when a time that it was given is over', async () => {
    await begin()
    await play.control.faults({ method: 'POST', path: 'subscribed_apps', kind: 'reset', times: 1 })
    const customer = await arrive()
    await waits(customer)
    const waiting = (await automatic(customer)) as { since: string; nextTryAt: string }
    expect(Date.parse(waiting.nextTryAt) - Date.parse(waiting.since)).toBeGreaterThan(60_000)
    expect(isSubscribed(customer)).toBe(false)
    play.aheadMs += 150_000
    await expect.poll(() => isSubscribed(customer)).toBe(true)
  })

  it('goes on after a restart with what it waited for', async () => {
    await begin()
    const customer = await arrive()
    await waits(customer)
    await play.closeGateways()
    await play.addGateway()
    await complete(customer)
    await expect.poll(() => isSubscribed(customer)).toBe(true)
  })

  it('gives up after a week and says so, and goes on all the same when the token comes', async () => {
    await begin()
    const customer = await arrive()
    await waits(customer)
    play.aheadMs += 8 * 24 * 3_600_000
    await expect.poll(() => automatic(customer)).toMatchObject({ state: 'GAVE_UP', nextTryAt: null })
    expect(lines.filter((line) => line.includes('gives up until an event arrives'))).toHaveLength(1)
    await complete(customer)
    await expect.poll(() => isSubscribed(customer)).toBe(true)
    await expect.poll(() => automatic(customer)).toMatchObject({ state: 'DONE' })
  })

  it('looks back a day and no further when it is switched on', async () => {
    play = await Play.begin()
    const solutionId = await play.solution('Together')
    const old = await play.customer(solutionId)
    Object.assign(play.config, { autoOnboard: { subscribe: true, creditCurrency: null } })
    play.aheadMs += 25 * 3_600_000
    await play.closeGateways()
    await play.addGateway()
    await play.setCallbacks()
    const recent = await arrive()
    await expect.poll(() => isSubscribed(recent)).toBe(true)
    expect(isSubscribed(old)).toBe(false)
    expect(await automatic(old)).toBeNull()
  })

  it('leaves alone what a person has taken over, and says so', async () => {
    await begin()
    const customer = await arrive()
    await waits(customer)
    await complete(customer)
    await expect.poll(() => isSubscribed(customer)).toBe(true)
    await play.mutate('unsubscribeAppFromWaba', { appId: luckyShrub, wabaId: customer.waba_id })
    expect(await automatic(customer)).toMatchObject({ state: 'LEFT_ALONE' })
    expect(isSubscribed(customer)).toBe(false)
  })

  it('tells nothing of an account that never arrived', async () => {
    await begin()
    const solutionId = await play.solution('Together')
    await play.control.play('webhooks', { appId: luckyShrub, delayMs: 60_000 })
    expect(await automatic(await arrive({ solution_id: solutionId, app_id: socialOverdrive }))).toBeNull()
  })

  async function notify({ waba_id: id }: Customer, field: string, value: object): Promise<void> {
    const entry = [{ id, time: Math.floor(Date.now() / 1000), changes: [{ field, value }] }]
    await play.control.webhook(luckyShrub, { object: 'whatsapp_business_account', entry })
  }

  async function tell(event: string, wabaInfo: object): Promise<void> {
    const business = play.config.apps.find(({ appId }) => appId === luckyShrub)?.businessId
    const changes = [{ field: 'account_update', value: { event, waba_info: wabaInfo } }]
    const entry = [{ id: business, time: Math.floor(Date.now() / 1000), changes }]
    await play.control.webhook(luckyShrub, { object: 'whatsapp_business_account', entry }, { reorder: true })
  }
})
