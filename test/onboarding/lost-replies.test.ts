import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type Customer, type World } from './support/world.ts'

interface Write {
  readonly field: string
  /** Of the simulator's route. */
  readonly sent: readonly [method: string, route: string]
  /** Whether Graph shows afterwards that it was done. */
  readonly shows: boolean
  /** What has to be so before. */
  readonly before?: (world: World, customer: Customer) => Promise<unknown>
  readonly input: (world: World, customer: Customer) => object
}

const mine = ({ waba_id: wabaId }: Customer) => ({ wabaId, appId: luckyShrub })
const number = (customer: Customer) => ({ ...mine(customer), phoneNumberId: customer.phone_number_ids[0] })
const newNumber = { countryCode: '49', phoneNumber: '1512345678', verifiedName: 'Second' }

const numbersOf = (world: World, { waba_id }: Customer) =>
  world.gateway.simulator.state().accounts.find(({ id }) => id === waba_id)?.phoneNumbers ?? []
const unverified = (world: World, customer: Customer) =>
  numbersOf(world, customer).find(({ verification }) => verification !== 'VERIFIED')
const addOne = (world: World, customer: Customer) =>
  world.mutate('addPhoneNumber', { ...mine(customer), ...newNumber }, '')
const codeInput = (world: World, customer: Customer) => ({
  ...mine(customer),
  phoneNumberId: unverified(world, customer)?.id,
  codeMethod: 'SMS',
  language: 'en_US',
})

const writes: readonly Write[] = [
  {
    field: 'subscribeAppToWaba',
    sent: ['POST', 'subscribed_apps'],
    shows: true,
    input: (_, customer) => mine(customer),
  },
  {
    field: 'unsubscribeAppFromWaba',
    sent: ['DELETE', 'subscribed_apps'],
    shows: true,
    before: (world, customer) => world.mutate('subscribeAppToWaba', mine(customer), ''),
    input: (_, customer) => mine(customer),
  },
  {
    field: 'addPhoneNumber',
    sent: ['POST', '/phone_numbers'],
    shows: true,
    input: (_, customer) => ({ ...mine(customer), ...newNumber }),
  },
  {
    field: 'requestPhoneNumberCode',
    sent: ['POST', 'request_code'],
    shows: false,
    before: addOne,
    input: codeInput,
  },
  {
    field: 'verifyPhoneNumberCode',
    sent: ['POST', 'verify_code'],
    shows: true,
    before: async (world, customer) => {
      await addOne(world, customer)
      await world.mutate('requestPhoneNumberCode', codeInput(world, customer), '')
    },
    input: (world, customer) => {
      const { id: phoneNumberId, code = '000000' } = unverified(world, customer) ?? { id: '' }
      return { ...mine(customer), phoneNumberId, code }
    },
  },
  {
    field: 'registerPhoneNumber',
    sent: ['POST', '/register'],
    shows: true,
    input: (_, customer) => ({ ...number(customer), pin: '271828' }),
  },
  {
    field: 'deregisterPhoneNumber',
    sent: ['POST', '/deregister'],
    shows: true,
    before: (world, customer) =>
      world.mutate('registerPhoneNumber', { ...number(customer), pin: '271828' }, ''),
    input: (_, customer) => number(customer),
  },
  {
    field: 'assignUserToWaba',
    sent: ['POST', 'assigned_users'],
    shows: true,
    input: (_, customer) => ({ ...mine(customer), tasks: ['MANAGE'] }),
  },
  {
    field: 'unassignUserFromWaba',
    sent: ['DELETE', 'assigned_users'],
    shows: true,
    before: (world, customer) =>
      world.mutate('assignUserToWaba', { ...mine(customer), tasks: ['MANAGE'] }, ''),
    input: (_, customer) => mine(customer),
  },
]

describe.each(writes)('$field', ({ field, sent, shows, before, input }) => {
  let world: World
  let customer: Customer

  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
    await before?.(world, customer)
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const [method, route] = sent
  const twice = async (kind: string) => {
    const given = input(world, customer)
    await world.simulator.faults({ method, path: route, kind })
    const first = await world.mutate(field, given, '')
    await world.simulator.faults()
    return [first, await world.mutate(field, given, '')]
  }

  it.each(['lostReply', 'truncate'])(
    'is done once, and told as it is, when the reply is lost (%s)',
    async (kind) => {
      for (const answer of await twice(kind))
        if (shows) expect(answer['__typename']).toMatch(/Payload$/)
        else expect(answer).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
      expect(await world.sent(method, route)).toBe(1)
    },
  )

  it.each(['reset', 'html', 'error'])('is not sent again when nobody knows (%s)', async (kind) => {
    for (const answer of await twice(kind))
      expect(answer).toMatchObject({ __typename: 'GatewayProblem', code: 'OUTCOME_UNKNOWN' })
    expect(await world.sent(method, route)).toBe(1)
  })
})
