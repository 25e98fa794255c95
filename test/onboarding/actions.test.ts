import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reasonOnNumber, reasonOnWaba } from '../../src/onboarding/actions.ts'
import { luckyShrub, startWorld, type Customer, type World } from './support/world.ts'

interface State {
  readonly action: string
  readonly available: boolean
  readonly reason: string | null
}

describe('what may be done', () => {
  let world: World
  let customer: Customer

  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
  })
  afterEach(() => world.close())

  const actions = async () => {
    const { clientWaba } = (await world.ask(
      `query ($id: ID!) { clientWaba(id: $id) {
        actions { action appId available reason }
        phoneNumbers { edges { node { actions { action available reason } } } }
      } }`,
      { id: customer.waba_id },
    )) as { clientWaba: { actions: State[]; phoneNumbers: { edges: { node: { actions: State[] } }[] } } }
    const available = (states: readonly State[] = []) =>
      states.filter((state) => state.available).map(({ action }) => action)
    const { actions: ofWaba, phoneNumbers } = clientWaba
    const ofNumber = phoneNumbers.edges[0]?.node.actions
    return { ofWaba, waba: available(ofWaba), number: available(ofNumber) }
  }

  it('follows what is done', async () => {
    const mine = { wabaId: customer.waba_id, appId: luckyShrub }
    expect(await actions()).toMatchObject({
      waba: ['SUBSCRIBE_APP', 'ADD_PHONE_NUMBER'],
      number: ['REGISTER'],
    })
    await world.mutate('subscribeAppToWaba', mine, '')
    const [phoneNumberId] = customer.phone_number_ids
    await world.mutate('registerPhoneNumber', { ...mine, phoneNumberId, pin: '123456' }, '')
    expect(await actions()).toMatchObject({
      waba: ['UNSUBSCRIBE_APP', 'ADD_PHONE_NUMBER'],
      number: ['DEREGISTER'],
    })
  })

  it('is no second code within a minute', async () => {
    const [phoneNumberId] = customer.phone_number_ids
    await world.simulator.play('phones', { id: phoneNumberId, verification: 'NOT_VERIFIED' })
    expect(await actions()).toMatchObject({ number: ['REQUEST_CODE', 'VERIFY_CODE'] })
    const input = { wabaId: customer.waba_id, appId: luckyShrub, phoneNumberId }
    await world.mutate('requestPhoneNumberCode', { ...input, codeMethod: 'SMS', language: 'en_US' }, '')
    expect(await actions()).toMatchObject({ number: ['VERIFY_CODE'] })
  })

  it('is nothing without the customer’s token, and says so', async () => {
    await world.simulator.faults(
      { method: 'GET', path: 'access_token', kind: 'error', code: 100 },
      { method: 'POST', path: 'system_user_access_tokens', kind: 'error', code: 200 },
    )
    customer = await world.arrive()
    const { waba, ofWaba } = await actions()
    expect(waba).toEqual([])
    for (const { reason } of ofWaba) expect(reason).toContain('business token')
  })
})

describe('why not', () => {
  const budget = { limit: 10, used: 0, remaining: 10, nextReleaseAt: null }
  const spent = { limit: 10, used: 10, remaining: 0, nextReleaseAt: Date.UTC(2026, 0, 2) }
  const live = { status: 'CONNECTED', code_verification_status: 'VERIFIED' }
  const fresh = { status: 'PENDING', code_verification_status: 'NOT_VERIFIED' }
  const ready = { ...live, status: 'PENDING' }

  it.each([
    ['REQUEST_CODE', fresh, budget, null],
    ['REQUEST_CODE', ready, budget, 'verified already'],
    ['VERIFY_CODE', live, budget, 'verified already'],
    ['REGISTER', fresh, budget, 'not verified'],
    ['REGISTER', ready, budget, null],
    ['REGISTER', { ...ready, code_verification_status: 'EXPIRED' }, budget, null],
    ['REGISTER', ready, spent, '2026-01-02'],
    ['REGISTER', live, budget, 'again'],
    ['DEREGISTER', live, budget, null],
    ['DEREGISTER', live, spent, '2026-01-02'],
    ['DEREGISTER', ready, budget, 'not connected'],
  ] as const)('%s of a number that is %o: %o, %s', (action, number, left, words) => {
    const reason = reasonOnNumber(action, number, left)
    if (words === null) expect(reason).toBeNull()
    else expect(reason).toContain(words)
  })

  const none = { subscribed: false, overrideCallbackUri: null }
  const subscribed = { ...none, subscribed: true }
  const overridden = { subscribed: true, overrideCallbackUri: 'https://hooks.example.com' }

  it.each([
    ['SUBSCRIBE_APP', none, true, null],
    ['SUBSCRIBE_APP', subscribed, true, 'already'],
    ['UNSUBSCRIBE_APP', none, true, 'not subscribed'],
    ['SET_WEBHOOK_OVERRIDE', none, true, 'not subscribed'],
    ['SET_WEBHOOK_OVERRIDE', subscribed, true, null],
    ['SET_WEBHOOK_OVERRIDE', subscribed, false, 'WEBHOOK_OVERRIDE_HOSTS'],
    ['CLEAR_WEBHOOK_OVERRIDE', subscribed, true, 'no callback override'],
    ['CLEAR_WEBHOOK_OVERRIDE', overridden, true, null],
    ['UNSUBSCRIBE_APP', 'it could not be read', true, 'could not be read'],
    ['ADD_PHONE_NUMBER', 'it could not be read', true, null],
  ] as const)('%s of an account that is %o (overrides allowed: %s): %s', (action, state, allowed, words) => {
    const reason = reasonOnWaba(action, state, allowed)
    if (words === null) expect(reason).toBeNull()
    else expect(reason).toContain(words)
  })
})
