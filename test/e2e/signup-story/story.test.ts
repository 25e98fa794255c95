import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { watchBySse, type Watch } from '../../support/clients.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { graphql } from '../../support/graphql.ts'
import { WatchEventsDocument, type WatchEventsSubscription } from '../../support/operations.ts'
import { emptyDatabase } from '../../support/postgres.ts'
import { placeFor, type Instance, type Place } from '../onboarding-story/instance.ts'

const luckyShrub = '21202248997039'

interface Customer {
  readonly waba_id: string
  readonly business_id: string
  readonly code: string
  /** What the dialog told the page. */
  readonly session: object
}

// One story told in order: each step stands on the one before.
describe.each(['SQLite', 'PostgreSQL'])('customers come through a signup page, on %s', (store) => {
  let simulator: Simulator
  let control: Control
  let place: Place
  let gateway: Instance
  let watch: Watch<WatchEventsSubscription>
  let customer: Customer

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0 })
    control = controlOf(simulator.url)
    place = placeFor(simulator, store === 'SQLite' ? null : await emptyDatabase())
    gateway = await place.start({ AUTO_ONBOARD: 'subscribe' })
    watch = await watchBySse(gateway.url, WatchEventsDocument, { filter: { kinds: ['SIGNUP_SESSION'] } })
  })
  afterAll(async () => {
    watch.stop()
    await gateway.kill()
    await simulator.close()
    place.clean()
  })

  const ask = async (query: string, variables: object = {}): Promise<Record<string, unknown>> => {
    const { data, errors } = await graphql(gateway.url, query, variables)
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }
  const report = (message: unknown): Promise<unknown> =>
    ask(
      `mutation ($input: ReportSignupSessionInput!) { reportSignupSession(input: $input) { __typename } }`,
      { input: { appId: luckyShrub, message } },
    )
  const complete = async (): Promise<unknown> => {
    const query = `mutation ($input: CompleteEmbeddedSignupInput!) { completeEmbeddedSignup(input: $input) {
      ... on CompleteEmbeddedSignupPayload { clientWaba { wabaId } } ... on Problem { code waitsFor message } } }`
    const input = { appId: luckyShrub, code: customer.code, wabaId: customer.waba_id }
    return (await ask(query, { input }))['completeEmbeddedSignup']
  }
  const automatic = async (): Promise<unknown> => {
    const query = `query ($id: ID!) { clientWaba(id: $id) { onboarding { automatic { state waitsFor } } } }`
    const { clientWaba } = (await ask(query, { id: customer.waba_id })) as {
      clientWaba: { onboarding: { automatic: unknown } }
    }
    return clientWaba.onboarding.automatic
  }
  const isSubscribed = (wabaId: string): boolean =>
    simulator
      .state()
      .accounts.some(({ id, subscribedApps }) => id === wabaId && subscribedApps.includes(luckyShrub))
  const heard = async (): Promise<unknown> => (await watch.inbox.next()).data?.events
  const sent = async (route: string): Promise<number> => {
    const { writes } = (await control.requests()) as unknown as { writes: Record<string, number> }
    return writes[route] ?? 0
  }
  const onceMore = { code: 'TOKEN_INVALID', waitsFor: 'CUSTOMER' }

  it('the page gets the options of Embedded Signup v4', async () => {
    const query = `{ app(id: "${luckyShrub}") { embeddedSignup(configId: "300900800700600") { options } } }`
    expect(await ask(query)).toMatchObject({
      app: { embeddedSignup: { options: { config_id: '300900800700600', extras: {} } } },
    })
  })

  it('one leaves the dialog, and a subscriber sees on which screen', async () => {
    await report({
      type: 'WA_EMBEDDED_SIGNUP',
      event: 'CANCEL',
      data: { current_step: 'PHONE_NUMBER_SETUP' },
    })
    expect(await heard()).toMatchObject({
      __typename: 'SignupSessionEvent',
      outcome: 'CANCELLED',
      step: 'PHONE_NUMBER_SETUP',
      waitsFor: 'CUSTOMER',
    })
  })

  it('one finishes, and as long as the code is on its way the rule waits and says so', async () => {
    // Whoever has the token, has it from the code.
    await control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
    customer = await control.play<Customer>('onboard', { app_id: luckyShrub })
    await report(JSON.stringify(customer.session))
    expect(await heard()).toMatchObject({ outcome: 'FINISHED', wabaIds: [customer.waba_id] })
    await expect.poll(automatic).toEqual({ state: 'WAITING', waitsFor: 'US' })
    expect(isSubscribed(customer.waba_id)).toBe(false)
  })

  it('the code comes, twice at once: it is sent once, and the rule goes on without a restart', async () => {
    const done = { clientWaba: { wabaId: customer.waba_id } }
    expect(await Promise.all([complete(), complete()])).toEqual([done, done])
    await expect.poll(() => isSubscribed(customer.waba_id)).toBe(true)
    await expect.poll(automatic).toEqual({ state: 'DONE', waitsFor: null })
    expect(await complete()).toEqual(done)
    expect(await sent('GET /oauth/access_token')).toBe(1)
    expect(await sent('POST /{waba}/subscribed_apps')).toBe(1)
  })

  it('one comes through hosted signup, which tells of the permission alone, and is onboarded', async () => {
    await control.faults()
    const hosted = await control.play<Customer>('onboard', {
      app_id: luckyShrub,
      event: 'PARTNER_APP_INSTALLED',
    })
    await expect.poll(() => isSubscribed(hosted.waba_id)).toBe(true)
  })

  it('the process is killed: the same code is not sent again, and the customer signs up once more', async () => {
    await control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
    await gateway.kill()
    gateway = await place.start({ AUTO_ONBOARD: 'subscribe' })
    // On a store that several may share, one that was killed is taken for alive for some seconds.
    if (store === 'SQLite') expect(await complete()).toMatchObject(onceMore)
    await expect.poll(complete, { interval: 500 }).toMatchObject(onceMore)
    expect(await sent('GET /oauth/access_token')).toBe(1)
  })
})
