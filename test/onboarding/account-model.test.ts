import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toGlobalId } from '../../src/graphql/ids.ts'
import { makeSolution } from '../support/mutate.ts'
import { luckyShrub, socialOverdrive, startWorld, type Customer, type World } from './support/world.ts'

const pin = '739156'
const [first, second] = [luckyShrub, socialOverdrive]

interface Row {
  readonly id: string
  readonly phoneNumberId: string
}

// Meta's page "Updates to WhatsApp Business accounts": each partner has a Messaging account of its own on one number.
describe('a number that two partners have, each in an account of its own', () => {
  let world: World
  let phoneNumberId: string
  let accounts: Readonly<Record<string, string>>

  beforeEach(async () => {
    world = await startWorld()
    const one = await come({ app_id: first })
    phoneNumberId = one.phone_number_ids[0] ?? ''
    const other = await come({ app_id: second, phone_number_id: phoneNumberId })
    accounts = { [first]: one.waba_id, [second]: other.waba_id }
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  async function come(signup: object): Promise<Customer> {
    const customer = await world.simulator.play<Customer>('onboard', signup)
    const told = `{ events(filter: { wabaId: "${customer.waba_id}" }) { edges { cursor } } }`
    while (!JSON.stringify(await world.ask(told)).includes('cursor'));
    return customer
  }

  const payload =
    '... on PhoneNumberPayload { pinSet graphAnswer phoneNumber { phoneNumberId status } clientWaba { wabaId } }'
  const change = (field: string, appId: string, more: object = {}) =>
    world.mutate(field, { wabaId: accounts[appId], appId, phoneNumberId, ...more }, payload)
  const register = (appId: string, more: object = {}) =>
    change('registerPhoneNumber', appId, { pin, ...more })

  it('is one number, and a node for each app that sees it', async () => {
    const fields = 'id phoneNumberId displayPhoneNumber verifiedName status qualityRating'
    const { one, other, itself } = (await world.ask(
      `query ($one: ID!, $other: ID!, $id: ID!) {
        one: clientWaba(id: $one) { phoneNumbers { edges { node { ${fields} } } } }
        other: clientWaba(id: $other) { phoneNumbers { edges { node { ${fields} } } } }
        itself: node(id: $id) { ... on PhoneNumber { ${fields} } }
      }`,
      {
        one: accounts[first],
        other: accounts[second],
        id: Buffer.from(`PhoneNumber:${phoneNumberId}`).toString('base64url'),
      },
    )) as Record<string, { phoneNumbers: { edges: { node: Row }[] } }> & { itself: Row }
    expect(itself.phoneNumberId).toBe(phoneNumberId)
    expect(one?.phoneNumbers.edges.map(({ node }) => node)).toEqual([itself])
    const id = toGlobalId('PhoneNumber', phoneNumberId, second)
    expect(other?.phoneNumbers.edges.map(({ node }) => node)).toEqual([{ ...itself, id }])
  })

  /** As another partner does it, who has a gateway of its own or none. */
  async function registerElsewhere(): Promise<void> {
    const { tokens } = world.gateway.simulator.state()
    const token = tokens.find(({ kind, appId }) => kind === 'business' && appId === first)?.token
    const { ok } = await fetch(`${world.gateway.simulator.url}/${phoneNumberId}/register`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messaging_product: 'whatsapp', pin: '111111' }),
    })
    expect(ok).toBe(true)
  }

  it('that is registered here first: no answer claims that a PIN was set', async () => {
    expect(await register(first)).toMatchObject({
      pinSet: null,
      graphAnswer: null,
      phoneNumber: { phoneNumberId, status: 'CONNECTED' },
    })
  })

  it('that another partner has registered is left alone, and registered again keeps its PIN and says so', async () => {
    await registerElsewhere()
    expect(await register(second)).toMatchObject({ pinSet: null, phoneNumber: { status: 'CONNECTED' } })
    expect(await world.sent('POST', '/register')).toBe(1)
    expect(await register(second, { again: true, pin: '000000' })).toMatchObject({
      pinSet: false,
      graphAnswer: { pin_reset: false },
      clientWaba: { wabaId: accounts[second] },
    })
    const { events } = (await world.ask(
      `{ events(filter: { wabaId: "${accounts[second]}" }) { edges { node { write { action outcome after } } } } }`,
    )) as { events: { edges: { node: object }[] } }
    expect(events.edges.map(({ node }) => node)).toContainEqual({
      write: {
        action: 'register_phone_number',
        outcome: 'DONE',
        after: expect.objectContaining({ graphAnswer: { pin_reset: false } }) as object,
      },
    })
    expect(JSON.stringify(events)).not.toMatch(/pin[^_]|PIN/)
  })

  it('has one budget of registrations, whichever account they went through', async () => {
    for (let round = 0; round < 5; round++) {
      expect(await register(first)).toMatchObject({ __typename: 'PhoneNumberPayload' })
      expect(await change('deregisterPhoneNumber', second)).toMatchObject({
        __typename: 'PhoneNumberPayload',
      })
    }
    await world.simulator.forgetRequests()
    expect(await register(second)).toMatchObject({ __typename: 'GatewayProblem', code: 'RATE_LIMITED' })
    expect(await world.sent('POST', '/{')).toBe(0)
  })

  it('is told of as locked by others when Graph counts more than was sent from here', async () => {
    await register(first)
    await change('deregisterPhoneNumber', first)
    await world.simulator.faults({ method: 'POST', path: '/register', kind: 'error', code: 133016, times: 1 })
    expect(await register(first)).toMatchObject({
      __typename: 'GraphApiProblem',
      message: expect.stringMatching(/All partners.*10 requests.*3 of them/) as string,
    })
  })

  it('goes off for both when another partner takes it off, and is registered anew', async () => {
    await register(first)
    await change('deregisterPhoneNumber', second)
    expect(await register(first)).toMatchObject({ phoneNumber: { status: 'CONNECTED' } })
  })

  it('stays when the customer takes one of the accounts back', async () => {
    await register(first)
    await world.simulator.play('unshare', { waba_id: accounts[first] })
    const told = `{ events(filter: { wabaId: "${accounts[first]}", kinds: [CLIENT_WABA_REMOVED] }) { edges { cursor } } }`
    while (!JSON.stringify(await world.ask(told)).includes('cursor'));
    const { gone, left } = await world.ask(
      `query ($gone: ID!, $left: ID!) {
        gone: clientWaba(id: $gone) { wabaId }
        left: clientWaba(id: $left) {
          phoneNumbers { edges { node { phoneNumberId status } } }
          onboarding { steps(kinds: [SHARED_WITH_PARTNER, PHONE_NUMBER_REGISTERED]) { state } }
        }
      }`,
      { gone: accounts[first], left: accounts[second] },
    )
    expect(gone).toBeNull()
    expect(left).toEqual({
      phoneNumbers: { edges: [{ node: { phoneNumberId, status: 'CONNECTED' } }] },
      onboarding: { steps: [{ state: 'DONE' }, { state: 'DONE' }] },
    })
  })
})

it('an account is in each of the solutions that it came through, and a number in each account of one solution', async () => {
  const world = await startWorld()
  const { waba_id: wabaId, phone_number_ids } = await world.arrive()
  const parties = { owner: second, partner: first }
  const other = await makeSolution(world.gateway.url, parties, 'Another one')
  const signUp = (solution_id: string, more: object) =>
    world.simulator.play<Customer>('onboard', { solution_id, ...more })
  expect(await signUp(other, { waba_id: wabaId })).toMatchObject({ waba_id: wabaId })
  const again = await signUp(other, { phone_number_id: phone_number_ids[0] })
  const fields =
    'wabaId solutions { edges { node { solutionId } } } phoneNumbers { edges { node { phoneNumberId } } }'
  const { one, two } = await world.ask(
    `query ($one: ID!, $two: ID!) { one: clientWaba(id: $one) { ${fields} } two: clientWaba(id: $two) { ${fields} } }`,
    { one: wabaId, two: again.waba_id },
  )
  const inSolutions = (...ids: string[]) => ({ edges: ids.map((solutionId) => ({ node: { solutionId } })) })
  const phoneNumbers = { edges: [{ node: { phoneNumberId: phone_number_ids[0] } }] }
  expect(one).toEqual({ wabaId, solutions: inSolutions(world.solutionId, other), phoneNumbers })
  expect(two).toEqual({ wabaId: again.waba_id, solutions: inSolutions(other), phoneNumbers })
  for (const account of [wabaId, again.waba_id])
    expect(await world.mutate('subscribeAppToWaba', { wabaId: account, appId: first }, '')).toMatchObject({
      __typename: 'WabaSubscriptionPayload',
    })
  await world.close()
})

describe('a number that shall move to another account', () => {
  async function begin(accountModel: 'old' | 'new') {
    const world = await startWorld({}, 'PARTNER', { accountModel })
    const { waba_id: from, business_id } = await world.arrive()
    const to = await world.simulator.play<Customer>('onboard', { app_id: first, business_id })
    const told = `{ events(filter: { wabaId: "${to.waba_id}" }) { edges { cursor } } }`
    while (!JSON.stringify(await world.ask(told)).includes('cursor'));
    const number = world.gateway.simulator.state().accounts.find(({ id }) => id === from)?.phoneNumbers[0]
    const add = (more: object) =>
      world.mutate(
        'addPhoneNumber',
        {
          wabaId: to.waba_id,
          appId: first,
          countryCode: '1',
          phoneNumber: number?.displayPhoneNumber,
          verifiedName: 'Ours',
          ...more,
        },
        '... on PhoneNumberPayload { phoneNumber { phoneNumberId } } ... on Problem { waitsFor }',
      )
    return { world, add, phoneNumberId: number?.id }
  }

  it('is not moved in the new model: the refusal says what to do instead, and that does it', async () => {
    const { world, add, phoneNumberId } = await begin('new')
    const refused = await add({ migrate: true })
    expect(refused).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'UPSTREAM_REFUSED',
      waitsFor: 'US',
      message: expect.stringMatching(
        /[.!?] On Meta's new account model.*Register the number on this account instead.*registerPhoneNumber/,
      ) as string,
    })
    expect(await add({})).toMatchObject({ phoneNumber: { phoneNumberId } })
    await world.close()
  })

  it('is moved in the old one, and gets another id there', async () => {
    const { world, add, phoneNumberId } = await begin('old')
    expect(await add({})).toMatchObject({ code: 'UPSTREAM_REFUSED' })
    const moved = (await add({ migrate: true })) as { phoneNumber: { phoneNumberId: string } }
    expect(moved.phoneNumber.phoneNumberId).toMatch(/^\d+$/)
    expect(moved.phoneNumber.phoneNumberId).not.toBe(phoneNumberId)
    await world.close()
  })
})
