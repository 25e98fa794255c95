import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type Customer, type World } from './support/world.ts'

// Meta's guide "Partner-initiated WABA creation": the business token does not work, the system token does.
describe('an account that the partner has asked for', () => {
  let world: World
  let wabaId: string

  beforeEach(async () => {
    world = await startWorld()
    wabaId = (await world.simulator.play<Customer>('install', { app_id: luckyShrub })).waba_id
    const told = '{ events(filter: { kinds: [CLIENT_WABA_APP_INSTALLED] }) { edges { node { kind } } } }'
    while (!JSON.stringify(await world.ask(told)).includes('INSTALLED"'));
  })
  afterEach(() => world.close())

  const mine = () => ({ wabaId, appId: luckyShrub })
  const steps = async () => {
    const { clientWaba } = (await world.ask(
      'query ($id: ID!) { clientWaba(id: $id) { onboarding { steps { kind state } } } }',
      { id: wabaId },
    )) as { clientWaba: { onboarding: { steps: { kind: string; state: string }[] } } }
    return Object.fromEntries(clientWaba.onboarding.steps.map(({ kind, state }) => [kind, state]))
  }

  it('needs no token of the customer', async () => {
    expect(await steps()).toEqual({
      SHARED_WITH_PARTNER: 'DONE',
      BUSINESS_TOKEN: 'NOT_NEEDED',
      WEBHOOKS_SUBSCRIBED: 'TODO',
      CREDIT_SHARED: 'TODO',
      PHONE_NUMBER_REGISTERED: 'TODO',
    })
  })

  it('is worked on with the system token', async () => {
    const number = { countryCode: '49', phoneNumber: '1512345678', verifiedName: 'Asked for' }
    expect(await world.mutate('subscribeAppToWaba', mine(), '')).toMatchObject({
      __typename: 'WabaSubscriptionPayload',
    })
    expect(await world.mutate('addPhoneNumber', { ...mine(), ...number }, '')).toMatchObject({
      __typename: 'PhoneNumberPayload',
    })
  })

  it('says that it is gone when the customer has removed the app', async () => {
    await world.simulator.play('uninstall', { waba_id: wabaId })
    const asked = `{ events(filter: { wabaId: "${wabaId}", kinds: [CLIENT_WABA_APP_UNINSTALLED] }) {
      edges { node { ... on ClientWabaEvent { kind } } } } }`
    while (!JSON.stringify(await world.ask(asked)).includes('UNINSTALLED"'));
    const { clientWaba } = await world.ask('query ($id: ID!) { clientWaba(id: $id) { wabaId } }', {
      id: wabaId,
    })
    expect(clientWaba).toBeNull()
    expect(await world.mutate('subscribeAppToWaba', mine(), '')).toMatchObject({ code: 'NOT_FOUND' })
  })
})
