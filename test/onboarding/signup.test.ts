import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { socialOverdrive, startWorld, storedBy, type Customer, type World } from './support/world.ts'

const payload = '... on CompleteEmbeddedSignupPayload { clientWaba { wabaId } }'

describe('the code of Embedded Signup', () => {
  let world: World
  let customer: Customer

  beforeEach(async () => {
    world = await startWorld({ logLevel: 'trace' })
    // Without a solution: no token comes from one.
    customer = await world.simulator.play<Customer>('onboard', { app_id: socialOverdrive })
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const complete = (more: object = {}) =>
    world.mutate(
      'completeEmbeddedSignup',
      { appId: socialOverdrive, code: customer.code, wabaId: customer.waba_id, ...more },
      payload,
    )
  const tokenStep = async (): Promise<unknown> => {
    const { app } = (await world.ask(
      `query ($app: ID!) { app(id: $app) { clientWabas { edges { node { wabaId onboarding {
        steps(kinds: [BUSINESS_TOKEN]) { state reason waitsFor } } } } } } }`,
      { app: socialOverdrive },
    )) as {
      app: { clientWabas: { edges: { node: { wabaId: string; onboarding: { steps: [unknown] } } }[] } }
    }
    return app.clientWabas.edges.find(({ node }) => node.wabaId === customer.waba_id)?.node.onboarding
      .steps[0]
  }

  it('gives the customer’s token, with which the account is worked on', async () => {
    await world.simulator.faults({
      method: 'POST',
      path: 'system_user_access_tokens',
      kind: 'error',
      code: 200,
    })
    expect(await complete()).toMatchObject({ clientWaba: { wabaId: customer.waba_id } })
    expect(await tokenStep()).toMatchObject({ state: 'DONE' })
    expect(
      await world.mutate('subscribeAppToWaba', { wabaId: customer.waba_id, appId: socialOverdrive }, ''),
    ).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
  })

  it('leaves the customer to sign up once more when its token has ended', async () => {
    await world.simulator.faults({
      method: 'POST',
      path: 'system_user_access_tokens',
      kind: 'error',
      code: 200,
    })
    expect(await tokenStep()).toMatchObject({ state: 'TODO', waitsFor: 'US' })
    await complete()
    const { tokens } = world.gateway.simulator.state()
    const own = tokens.find(
      ({ kind, businessId }) => kind === 'business' && businessId === customer.business_id,
    )
    await world.simulator.play('tokens', { token: own?.token, expire: true })
    expect(await tokenStep()).toMatchObject({
      state: 'TODO',
      waitsFor: 'CUSTOMER',
      reason: expect.stringContaining('once more') as string,
    })
  })

  it('need not say which account: it is the newest of the token', async () => {
    expect(await complete({ wabaId: null })).toMatchObject({ clientWaba: { wabaId: customer.waba_id } })
  })

  it('is sent once, for callers at once and later, and all get the first answer', async () => {
    const answers = [...(await Promise.all([complete(), complete()])), await complete()]
    for (const answer of answers) expect(answer).toMatchObject({ clientWaba: { wabaId: customer.waba_id } })
    expect(await world.sent('GET', 'oauth/access_token')).toBe(1)
  })

  it.each(['lostReply', 'reset', 'html'])('is never sent again when its reply is lost (%s)', async (kind) => {
    await world.simulator.faults({ method: 'GET', path: 'oauth/access_token', kind })
    expect(await complete()).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    await world.simulator.faults()
    expect(await complete()).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await world.sent('GET', 'oauth/access_token')).toBe(1)
  })

  it('that is wrong or old is refused by Graph, and the refusal says nothing of it', async () => {
    const code = 'canary-of-a-code-that-never-was'
    const answer = await complete({ code })
    expect(answer).toMatchObject({ __typename: 'GraphApiProblem' })
    expect(JSON.stringify([answer, world.gateway.logLines])).not.toContain(code)
    await world.simulator.play('clock', { advanceMs: 31_000 })
    expect(await complete()).toMatchObject({ __typename: 'GraphApiProblem' })
  })

  it('of one customer opens no account of another', async () => {
    const other = await world.simulator.play<Customer>('onboard', { app_id: socialOverdrive })
    expect(await complete({ wabaId: other.waba_id })).toMatchObject({ code: 'NOT_PERMITTED' })
  })

  it('leaves neither itself nor the token in the log, the events or an answer', async () => {
    const answer = await complete()
    const { tokens } = world.gateway.simulator.state()
    const events = await world.ask(
      '{ events(last: 100) { edges { node { write { before after object } ... on OtherEvent { payload } ... on ClientWabaEvent { details } } } } }',
    )
    const everything = JSON.stringify([answer, events, world.gateway.logLines]) + storedBy(world)
    expect(everything).not.toContain(customer.code)
    for (const { token } of tokens) expect(everything).not.toContain(token)
  })
})
