import { describe, expect, it } from 'vitest'
import { numberFields, wabaFields } from './support/facts.ts'
import { luckyShrub, refuse, startWorld, type World } from './support/world.ts'

const health =
  'health { canSendMessage entities { entityType entityId canSendMessage errors { code waitsFor } additionalInfo } }'
const names = (fields: Readonly<Record<string, string>>): string =>
  Object.keys(fields)
    .map((name) => selections[name] ?? name)
    .join(' ')

const selections: Readonly<Record<string, string>> = {
  health,
  onBehalfOfBusiness: 'onBehalfOfBusiness { businessId }',
  authInternationalRates: 'authInternationalRates { startsAt }',
}

const list = (waba: string, number: string, first = 5): string =>
  `{ app(id: "${luckyShrub}") { clientWabas(first: ${first}) { edges { node { wabaId ${waba}
     phoneNumbers(first: 5) { edges { node { phoneNumberId ${number} } } } } } } } }`

type Row = Readonly<Record<string, unknown>>
const rowsOf = (connection: unknown): Row[] =>
  (connection as { edges: { node: Row }[] }).edges.map(({ node }) => node)
const accountsOf = (data: unknown): Row[] =>
  rowsOf((data as { app: { clientWabas: unknown } }).app.clientWabas)
const numbersOf = (data: unknown): Row[] =>
  accountsOf(data).flatMap(({ phoneNumbers }) => rowsOf(phoneNumbers))

const everything = list(names(wabaFields), names(numberFields))

async function someAccounts(): Promise<World> {
  return startWorld({ solutions: 1, wabas: 5 })
}

describe('what Meta finds about accounts and their numbers', () => {
  it('comes along with the list of them, in one request, and is remembered for a while', async () => {
    await using world = await someAccounts()
    const { data, errors, total } = await world.run(everything)
    expect(errors).toBeUndefined()
    expect(total).toBe(1)
    expect(accountsOf(data)[0]).toMatchObject({
      status: 'ACTIVE',
      accountReviewStatus: 'APPROVED',
      creationTime: '2025-01-01T00:00:00.000Z',
      messagingLimit: 'TIER_2K',
      isEnabledForInsights: true,
      onBehalfOfBusiness: null,
      health: {
        canSendMessage: 'BLOCKED',
        entities: [
          { entityType: 'WABA', errors: [{ code: 141006, waitsFor: 'US' }], additionalInfo: [] },
          { entityType: 'BUSINESS', canSendMessage: 'AVAILABLE', errors: [] },
          { entityType: 'APP', entityId: luckyShrub },
        ],
      },
    })
    expect(numbersOf(data)[0]).toMatchObject({
      nameStatus: 'APPROVED',
      newDisplayName: null,
      codeVerificationStatus: 'VERIFIED',
      qualityRating: 'GREEN',
      throughput: 'STANDARD',
      messagingLimit: 'TIER_2K',
      accountMode: 'LIVE',
      platformType: 'CLOUD_API',
      isOnBizApp: false,
      coexistence: false,
      isOfficialBusinessAccount: false,
      lastOnboardedTime: '2025-01-01T00:00:00.000Z',
      health: { canSendMessage: 'BLOCKED' },
    })
    const again = await world.run(everything)
    expect(again.total).toBe(0)
    expect(again.data).toEqual(data)
  })

  it('passes as Graph sends it, also where no page of Meta’s has it', async () => {
    await using world = await someAccounts()
    const { id, phoneNumbers } = world.gateway.simulator.state().accounts[0] ?? {}
    const phone = phoneNumbers?.[0]?.id ?? ''
    const { play } = world.simulator
    await play('wabas', {
      id,
      status: 'ON_THE_MOON',
      account_review_status: 'PERHAPS',
      messaging_limit: 'TIER_7',
    })
    await play('phones', {
      id: phone,
      name_status: 'HALF',
      throughput: 'WARP',
      account_mode: 'DREAM',
      quality_rating: 'BLUE',
    })
    const sent = {
      can_send_message: 'SOMETIMES',
      errors: [{ error_code: 987654, new_key: 1 }],
      can_receive_call_sip: 'BLOCKED',
    }
    await play('health', { id: phone, entity: { entity_type: 'SATELLITE', ...sent } })
    const query = list(
      'status accountReviewStatus messagingLimit',
      `nameStatus throughput accountMode qualityRating
      health { canSendMessage entities { entityType canSendMessage errors { code waitsFor concernsMessaging other } other } }`,
    )
    const { data, errors } = await world.run(query)
    expect(errors).toBeUndefined()
    expect(accountsOf(data)[0]).toMatchObject({
      status: 'ON_THE_MOON',
      accountReviewStatus: 'PERHAPS',
      messagingLimit: 'TIER_7',
    })
    expect(numbersOf(data)[0]).toMatchObject({
      nameStatus: 'HALF',
      throughput: 'WARP',
      accountMode: 'DREAM',
      qualityRating: 'BLUE',
      health: {
        canSendMessage: 'SOMETIMES',
        entities: [
          {
            entityType: 'SATELLITE',
            canSendMessage: 'SOMETIMES',
            errors: [{ code: 987654, waitsFor: 'META', concernsMessaging: true, other: { new_key: 1 } }],
            other: { can_receive_call_sip: 'BLOCKED' },
          },
          {},
          {},
          {},
        ],
      },
    })
  })

  it('tells of the old model, of orders and of rates where there is something to tell', async () => {
    await using world = await someAccounts()
    const [id] = world.wabaIds
    const fields = {
      purchase_order_number: 'PO-7',
      on_behalf_of_business_info: { name: 'Kites', id: '77', status: 'APPROVED', type: 'OBO' },
      auth_international_rate_eligibility: {
        start_time: 1_748_780_624,
        exception_countries: [{ country_code: 'ID', start_time: 1_751_347_424 }],
      },
    }
    await world.simulator.play('wabas', { id, fields })
    const { data, errors } = await world.run(`{ clientWaba(id: "${id}") { purchaseOrderNumber
      onBehalfOfBusiness { businessId name status type }
      authInternationalRates { startsAt exceptions { country startsAt } } } }`)
    expect(errors).toBeUndefined()
    expect(data?.['clientWaba']).toEqual({
      purchaseOrderNumber: 'PO-7',
      onBehalfOfBusiness: { businessId: '77', name: 'Kites', status: 'APPROVED', type: 'OBO' },
      authInternationalRates: {
        startsAt: '2025-06-01T12:23:44.000Z',
        exceptions: [{ country: 'ID', startsAt: '2025-07-01T05:23:44.000Z' }],
      },
    })
  })

  it('of a number is read by its id alone in one request', async () => {
    await using world = await someAccounts()
    const [account] = world.gateway.simulator.state().accounts
    const id = Buffer.from(`PhoneNumber:${account?.phoneNumbers[0]?.id}`).toString('base64url')
    const { data, errors, total } = await world.run(
      `{ node(id: "${id}") { ... on PhoneNumber { ${names(numberFields)} } } }`,
    )
    expect([errors, total]).toEqual([undefined, 1])
    expect(data).toMatchObject({ node: { coexistence: false, nameStatus: 'APPROVED' } })
  })
})

/** Every field of either type, with the field of Graph's that brings it. */
const fields = [
  ...Object.entries(wabaFields).map(([name, graph]) => ({
    type: 'account',
    nodeType: 'WhatsAppBusinessAccount',
    name,
    graph,
  })),
  ...Object.entries(numberFields).map(([name, graph]) => ({
    type: 'number',
    nodeType: 'WhatsAppBusinessPhoneNumber',
    name,
    graph,
  })),
].filter(({ name }) => name !== 'coexistence')

describe('a fact that Graph does not take of an app', () => {
  it.each(fields)(
    '$name of a $type is null with an error, spares the others and is asked for once',
    async ({ type, nodeType, name, graph }) => {
      await using world = await startWorld({ solutions: 1, wabas: 2 })
      await world.simulator.faults({ kind: 'unknownField', path: '/', field: graph, nodeType })
      const { data, errors, total } = await world.run(everything)
      const rows = type === 'account' ? accountsOf(data) : numbersOf(data)
      const others = Object.keys(type === 'account' ? numberFields : wabaFields)
      expect(rows.every((row) => row[name] === null)).toBe(true)
      expect(errors).toHaveLength(rows.length)
      expect(
        errors?.every(({ path, extensions }) => path?.at(-1) === name && extensions?.['graphCode'] === 100),
      ).toBe(true)
      expect(others.length).toBeGreaterThan(0)
      expect(total).toBe(2)
      await world.forget()
      expect((await world.run(everything)).total).toBe(1)
    },
  )

  it('may be any number of them', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 2 })
    await refuse(world.simulator, ...new Set(fields.map(({ graph }) => graph)))
    const { data, errors } = await world.run(everything)
    expect(accountsOf(data)).toHaveLength(2)
    expect(numbersOf(data).map(({ coexistence }) => coexistence)).toEqual([null, null, null])
    expect(errors?.every(({ extensions }) => extensions?.['code'] === 'UPSTREAM_REFUSED')).toBe(true)
    await world.forget()
    expect((await world.run(everything)).total).toBe(1)
  })

  it('leaves coexistence untold, without an error of its own', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 2 })
    await refuse(world.simulator, 'is_on_biz_app')
    const { data, errors } = await world.run(list('name', 'platformType coexistence'))
    expect(errors).toBeUndefined()
    expect(numbersOf(data)[0]).toMatchObject({ platformType: 'CLOUD_API', coexistence: null })
  })
})
