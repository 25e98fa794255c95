import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, Play, type Customer, type Json } from '../writes/support/play.ts'

const hour = 3_600_000

interface SyncShown {
  readonly state: string
  readonly requestedAt: string | null
  readonly requestId: string | null
}

interface Shown {
  readonly coexistence: boolean
  readonly clientWabas: readonly { readonly wabaId: string }[]
  readonly coexistenceSync: null | {
    readonly syncDeadline: string
    readonly contactsSync: SyncShown
    readonly historySync: SyncShown
  }
  readonly actions: readonly {
    readonly action: string
    readonly available: boolean
    readonly reason: string
  }[]
}

// Meta's guide "Onboarding WhatsApp Business app users".
describe('a number that stays in use with the WhatsApp Business app', () => {
  let play: Play
  let customer: Customer

  beforeEach(async () => {
    play = await Play.begin()
    customer = await play.customer(await play.solution('Together'), { coexistence: true })
    await play.control.forgetRequests()
  })
  afterEach(() => play.close())

  const mine = () => ({ wabaId: customer.waba_id, appId: luckyShrub })
  const number = () => ({ ...mine(), phoneNumberId: customer.phone_number_ids[0] })
  const subscribe = () => play.mutate('subscribeAppToWaba', mine())
  const sync = (type: string, more: Json = {}) =>
    play.mutate('startCoexistenceSync', { ...number(), type, ...more })
  const fields = `coexistence clientWabas { wabaId } actions { action available reason } coexistenceSync {
    syncDeadline contactsSync { state requestedAt requestId } historySync { state requestedAt requestId } }`
  const shown = async (): Promise<Shown> => {
    const { clientWaba, node } = (await play.ask(
      `query ($id: ID!, $number: ID!) {
        clientWaba(id: $id) { phoneNumbers { edges { node { ${fields} } } } }
        node(id: $number) { ... on PhoneNumber { ${fields} } }
      }`,
      {
        id: customer.waba_id,
        number: Buffer.from(`PhoneNumber:${customer.phone_number_ids[0]}`).toString('base64url'),
      },
    )) as { clientWaba: { phoneNumbers: { edges: [{ node: Shown }] } }; node: Shown }
    expect(node).toEqual(clientWaba.phoneNumbers.edges[0].node)
    return node
  }
  const sent = async (): Promise<Readonly<Record<string, number>>> => {
    const { byRoute } = await play.control.requests()
    return Object.fromEntries(Object.entries(byRoute).filter(([route]) => route.startsWith('POST /{phone}')))
  }

  it('is neither registered nor deregistered: both are refused before anything is sent', async () => {
    const pin = '271828'
    for (const more of [{}, { again: true }])
      expect(await play.mutate('registerPhoneNumber', { ...number(), pin, ...more })).toMatchObject({
        __typename: 'GatewayProblem',
        code: 'WRONG_STATE',
        message: expect.stringContaining('WhatsApp Business app') as string,
      })
    expect(await play.mutate('deregisterPhoneNumber', number())).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('The customer ends it in the app') as string,
    })
    expect(await sent()).toEqual({})
    const { actions } = await shown()
    for (const name of ['REGISTER', 'DEREGISTER'])
      expect(actions.find(({ action }) => action === name)).toMatchObject({
        available: false,
        reason: expect.stringContaining('WhatsApp Business app') as string,
      })
  })

  it('has nothing left to register: the checklist says so and nobody tries', async () => {
    const { clientWaba } = await play.ask(
      `query ($id: ID!) { clientWaba(id: $id) { onboarding { steps(kinds: [PHONE_NUMBER_REGISTERED]) { state } } } }`,
      { id: customer.waba_id },
    )
    expect(clientWaba).toEqual({ onboarding: { steps: [{ state: 'DONE' }] } })
    expect(await play.mutate('onboardClientWaba', { ...mine(), pin: '271828' })).toMatchObject({
      attempts: [{ kind: 'WEBHOOKS_SUBSCRIBED', problem: null }],
    })
    expect(await sent()).toEqual({})
  })

  it('that its customer has disconnected waits for the customer: onboarding does not register it', async () => {
    await play.control.play('phones', { id: customer.phone_number_ids[0], is_on_biz_app: false })
    const query = `query ($id: ID!) { clientWaba(id: $id) { onboarding {
      steps(kinds: [PHONE_NUMBER_REGISTERED]) { state waitsFor } blockers { code waitsFor } } } }`
    const told = async () => {
      const { clientWaba } = (await play.ask(query, { id: customer.waba_id })) as {
        clientWaba: { onboarding: { steps: object[]; blockers: { code: string }[] } }
      }
      const { steps, blockers } = clientWaba.onboarding
      return { steps, numbers: blockers.filter(({ code }) => code.startsWith('NUMBER')) }
    }
    const disconnected = { code: 'NUMBER_DISCONNECTED', waitsFor: 'CUSTOMER' }
    await expect
      .poll(told)
      .toEqual({ steps: [{ state: 'TODO', waitsFor: 'CUSTOMER' }], numbers: [disconnected] })
    for (const more of [{}, { phoneNumberId: customer.phone_number_ids[0] }])
      await play.mutate('onboardClientWaba', { ...mine(), ...more, pin: '271828' })
    expect(await sent()).toEqual({})
    await play.mutate('registerPhoneNumber', { ...number(), pin: '271828' })
    expect(await sent()).toEqual({ 'POST /{phone}/register': 1 })
    await expect.poll(told).toEqual({ steps: [{ state: 'DONE', waitsFor: null }], numbers: [] })
  })

  it('says until when contacts and history can be asked for, and what was', async () => {
    const before = await shown()
    const onboarded = play.sim.state().accounts[0]?.phoneNumbers[0]?.bizApp?.onboardedAt ?? 0
    expect(before).toMatchObject({
      coexistence: true,
      clientWabas: [{ wabaId: customer.waba_id }],
      coexistenceSync: {
        contactsSync: { state: 'OPEN', requestedAt: null, requestId: null },
        historySync: { state: 'OPEN' },
      },
    })
    const deadline = Date.parse(before.coexistenceSync?.syncDeadline ?? '')
    // Webhooks name the second.
    expect(Math.abs(deadline - onboarded - 24 * hour)).toBeLessThan(2000)
    await subscribe()
    await sync('HISTORY')
    expect((await shown()).coexistenceSync).toMatchObject({
      contactsSync: { state: 'OPEN' },
      historySync: { state: 'REQUESTED', requestId: expect.any(String) as string },
    })
  })

  it('is asked for each once, by whoever asks, and the request is on record with its id', async () => {
    await subscribe()
    const both = await Promise.all([sync('CONTACTS'), sync('CONTACTS', { idempotencyKey: 'mine' })])
    expect(both.map(({ __typename, code }) => code ?? __typename).sort()).toEqual([
      'StartCoexistenceSyncPayload',
      'WRONG_STATE',
    ])
    expect(await sync('CONTACTS')).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('disconnects') as string,
    })
    expect(await sync('HISTORY')).toMatchObject({ __typename: 'StartCoexistenceSyncPayload' })
    expect(await sent()).toEqual({ 'POST /{phone}/smb_app_data': 2 })
    const { events } = (await play.ask(
      `{ events(last: 100) { edges { node { write { action outcome object after } } } } }`,
    )) as { events: { edges: { node: { write: { action: string; after: unknown } | null } }[] } }
    const writes = events.edges.flatMap(({ node: { write } }) => write ?? [])
    expect(writes.filter(({ action }) => action === 'start_coexistence_sync')).toMatchObject(
      ['CONTACTS', 'HISTORY'].map((type) => ({
        outcome: 'DONE',
        object: `phone_number:${customer.phone_number_ids[0]} sync:${type}`,
        after: { graphAnswer: { requestId: expect.any(String) as string } },
      })),
    )
  })

  it('is not asked for before the app is subscribed, nor after a day: that is refused here', async () => {
    expect(await sync('HISTORY')).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('subscribeAppToWaba') as string,
    })
    await subscribe()
    play.aheadMs = 24 * hour + 60_000
    expect((await shown()).coexistenceSync).toMatchObject({ historySync: { state: 'EXPIRED' } })
    expect(await sync('HISTORY')).toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('could be asked for until') as string,
    })
    expect(await sent()).toEqual({})
  })

  it('that signs up again keeps its account, and can be asked once more', async () => {
    await subscribe()
    await sync('HISTORY')
    await play.control.play('unshare', { waba_id: customer.waba_id })
    // People take a while; webhooks name the second only.
    play.aheadMs = hour
    await play.control.play('clock', { advanceMs: hour })
    const [solution] = play.sim.state().solutions
    const again = await play.customer(solution?.id ?? '', { coexistence: true, waba_id: customer.waba_id })
    expect(again).toMatchObject({ waba_id: customer.waba_id, phone_number_ids: customer.phone_number_ids })
    const arrived = `{ events(last: 9, filter: { wabaId: "${customer.waba_id}", appId: "${luckyShrub}", kinds: [CLIENT_WABA_ONBOARDED] }) { edges { cursor } } }`
    while ((JSON.stringify(await play.ask(arrived)).match(/cursor/g) ?? []).length < 2);
    expect((await shown()).coexistenceSync).toMatchObject({ historySync: { state: 'OPEN' } })
    await subscribe()
    expect(await sync('HISTORY')).toMatchObject({ __typename: 'StartCoexistenceSyncPayload' })
  })
})

it('any other number has nothing to ask for, and says so', async () => {
  const play = await Play.begin()
  const customer = await play.customer(await play.solution('Together'))
  const number = {
    wabaId: customer.waba_id,
    appId: luckyShrub,
    phoneNumberId: customer.phone_number_ids[0],
  }
  expect(await play.mutate('startCoexistenceSync', { ...number, type: 'HISTORY' })).toMatchObject({
    code: 'WRONG_STATE',
  })
  const { clientWaba } = await play.ask(
    `query ($id: ID!) { clientWaba(id: $id) { phoneNumbers { edges { node { coexistence coexistenceSync { syncDeadline } } } } } }`,
    { id: customer.waba_id },
  )
  expect(clientWaba).toEqual({
    phoneNumbers: { edges: [{ node: { coexistence: false, coexistenceSync: null } }] },
  })
  await play.close()
})
