import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

interface Step {
  readonly kind: string
  readonly state: string
  readonly reason: string | null
  readonly waitsFor: string | null
  readonly at: string | null
}

describe('the checklist of an account', () => {
  let world: World
  let wabaId: string
  let phoneNumberId: string

  beforeEach(async () => {
    world = await startWorld()
    const customer = await world.arrive()
    wabaId = customer.waba_id
    phoneNumberId = customer.phone_number_ids[0] ?? ''
  })
  afterEach(() => world.close())

  const checklist = async (kinds?: readonly string[]): Promise<{ steps: Step[]; complete: boolean }> => {
    const { clientWaba } = (await world.ask(
      `query ($id: ID!, $kinds: [OnboardingStepKind!]) {
        clientWaba(id: $id) { onboarding { steps(kinds: $kinds) { kind state reason waitsFor at } complete } }
      }`,
      { id: wabaId, kinds },
    )) as { clientWaba: { onboarding: { steps: Step[]; complete: boolean } } }
    return clientWaba.onboarding
  }
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await checklist()).steps.map(({ kind, state }) => [kind, state]))

  it('says of a customer that has just arrived what is done and what is not, and who does it', async () => {
    const { steps, complete } = await checklist()
    expect(complete).toBe(false)
    expect(steps).toMatchObject([
      { kind: 'SHARED_WITH_PARTNER', state: 'DONE', at: expect.any(String) as string },
      { kind: 'BUSINESS_TOKEN', state: 'DONE' },
      { kind: 'WEBHOOKS_SUBSCRIBED', state: 'TODO', waitsFor: 'US' },
      { kind: 'CREDIT_SHARED', state: 'TODO', waitsFor: 'US' },
      {
        kind: 'PHONE_NUMBER_REGISTERED',
        state: 'TODO',
        waitsFor: 'US',
        reason: expect.stringContaining('PENDING') as string,
      },
    ])
  })

  it('says whose it is, of several apps that see the account, and who acts has to be said', async () => {
    const query = `query ($id: ID!, $app: ID) { clientWaba(id: $id) { onboarding(appId: $app) { appId } } }`
    for (const app of [luckyShrub, socialOverdrive])
      expect(await world.ask(query, { id: wabaId, app })).toEqual({
        clientWaba: { onboarding: { appId: app } },
      })
    expect(await world.mutate('onboardClientWaba', { wabaId }, '')).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'appId'],
      message: expect.stringMatching(/Apps .*637576208107267.* both see this account.*`appId`/) as string,
    })
  })

  it('follows what is done', async () => {
    await world.mutate('subscribeAppToWaba', { wabaId, appId: luckyShrub }, '')
    await world.mutate('registerPhoneNumber', { wabaId, appId: luckyShrub, phoneNumberId, pin: '000000' }, '')
    expect(await states()).toMatchObject({
      WEBHOOKS_SUBSCRIBED: 'DONE',
      PHONE_NUMBER_REGISTERED: 'DONE',
    })
    const { steps } = await checklist()
    expect(steps[2]?.at).not.toBeNull()
    expect(steps[4]?.at).not.toBeNull()
  })

  it('costs no call for a step that is not asked for', async () => {
    await world.simulator.forgetRequests()
    const { clientWaba } = (await world.ask(
      `query ($id: ID!) { clientWaba(id: $id) { onboarding { steps(kinds: [WEBHOOKS_SUBSCRIBED]) { state } } } }`,
      { id: wabaId },
    )) as { clientWaba: unknown }
    expect(clientWaba).toBeDefined()
    expect(await world.sent('GET', 'phone_numbers')).toBe(0)
    expect(await world.sent('GET', 'extendedcredits')).toBe(0)
  })

  it('costs one round of calls for all of its steps, and a second for what takes the first', async () => {
    await checklist()
    await world.simulator.forgetRequests()
    await checklist()
    const { units, total } = await world.simulator.requests()
    expect(units).toBeLessThanOrEqual(8)
    expect(total).toBeLessThanOrEqual(5)
  })

  it('says UNKNOWN with the reason of what cannot be read, and tells the rest', async () => {
    await world.simulator.faults({ method: 'GET', path: 'subscribed_apps', kind: 'error', code: 200 })
    const { steps } = await checklist()
    expect(steps).toMatchObject([
      { state: 'DONE' },
      { state: 'DONE' },
      { state: 'UNKNOWN', reason: expect.stringContaining('could not be read') as string },
      {},
      { state: 'TODO' },
    ])
  })

  it('blocks what takes the customer’s token while the solution gives none', async () => {
    await world.simulator.faults(
      { method: 'GET', path: 'access_token', kind: 'error', code: 100 },
      { method: 'POST', path: 'system_user_access_tokens', kind: 'error', code: 200 },
    )
    const fresh = await world.arrive()
    wabaId = fresh.waba_id
    expect(await states()).toMatchObject({
      SHARED_WITH_PARTNER: 'DONE',
      BUSINESS_TOKEN: 'BLOCKED',
      WEBHOOKS_SUBSCRIBED: 'BLOCKED',
      PHONE_NUMBER_REGISTERED: 'BLOCKED',
    })
  })

  it('has no token of a customer of whom nothing has told yet who it is', async () => {
    const field = 'owner_business'
    await world.simulator.faults({
      path: '/',
      kind: 'unknownField',
      field,
      nodeType: 'WhatsAppBusinessAccount',
    })
    for (const { appId, appSecret } of world.gateway.simulator.state().apps)
      await fetch(`${world.gateway.simulator.url}/${appId}/subscriptions`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${appId}|${appSecret}` },
      })
    wabaId = (await world.simulator.play<{ waba_id: string }>('onboard', { app_id: luckyShrub })).waba_id
    const { steps, complete } = await checklist()
    expect(complete).toBe(false)
    expect(steps).toMatchObject([
      { kind: 'SHARED_WITH_PARTNER', state: 'DONE' },
      {
        kind: 'BUSINESS_TOKEN',
        state: 'TODO',
        waitsFor: 'CUSTOMER',
        reason: expect.stringContaining('who the customer is') as string,
      },
      { kind: 'WEBHOOKS_SUBSCRIBED', state: 'BLOCKED' },
      {},
      { kind: 'PHONE_NUMBER_REGISTERED', state: 'BLOCKED' },
    ])
  })

  it('waits for Meta while every number that is not connected is locked', async () => {
    await world.simulator.faults({ method: 'POST', path: '/register', kind: 'error', code: 133016 })
    await world.mutate('registerPhoneNumber', { wabaId, appId: luckyShrub, phoneNumberId, pin: '000000' }, '')
    expect((await checklist(['PHONE_NUMBER_REGISTERED'])).steps).toMatchObject([
      { state: 'BLOCKED', waitsFor: 'META', reason: expect.stringContaining('72 hours') as string },
    ])
  })

  it('waits for the customer in every step once the account is shared no longer', async () => {
    await world.simulator.play('unshare', { waba_id: wabaId })
    const shown = async (): Promise<Step[]> => {
      const { events } = (await world.ask(
        `{ events(first: 9, filter: { kinds: [CLIENT_WABA_REMOVED] }) { edges { node { appId
          ... on ClientWabaEvent { clientWaba { onboarding { steps { kind state reason waitsFor at } } } } } } } }`,
      )) as {
        events: { edges: { node: { appId: string; clientWaba: { onboarding: { steps: Step[] } } } }[] }
      }
      const told = events.edges.find(({ node }) => node.appId === luckyShrub)
      return told?.node.clientWaba.onboarding.steps ?? []
    }
    await expect.poll(async () => (await shown()).length).toBe(5)
    const [first, ...rest] = await shown()
    expect(first).toMatchObject({ state: 'FAILED', waitsFor: 'CUSTOMER' })
    for (const step of rest)
      expect(step).toMatchObject({
        state: 'BLOCKED',
        waitsFor: 'CUSTOMER',
        reason: expect.stringContaining('no longer shares') as string,
      })
  })

  it('is another one for each app: a Tech Provider shares no credit, and is told that the partner’s is missing', async () => {
    const ofTechProvider = async () => {
      const { app } = (await world.ask(
        `query ($id: ID!) { app(id: $id) { clientWabas { edges { node { wabaId onboarding {
          steps(kinds: [CREDIT_SHARED]) { state waitsFor reason } } } } } } }`,
        { id: socialOverdrive },
      )) as { app: { clientWabas: { edges: { node: { onboarding: { steps: Step[] } } }[] } } }
      return app.clientWabas.edges[0]?.node.onboarding.steps
    }
    expect(await ofTechProvider()).toMatchObject([
      {
        state: 'TODO',
        waitsFor: 'PARTNER',
        reason: expect.stringContaining('Solution Partner has to share') as string,
      },
    ])
    await world.ask(
      `mutation ($input: ShareCreditLineInput!) { shareCreditLine(input: $input) { __typename } }`,
      { input: { wabaId, appId: luckyShrub, currency: 'USD', addSystemUser: true } },
    )
    expect(await ofTechProvider()).toMatchObject([{ state: 'NOT_NEEDED', waitsFor: null }])
  })
})
