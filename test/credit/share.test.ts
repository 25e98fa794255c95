import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

describe.each([
  ['SHARE_AND_ATTACH', 'list'],
  ['SHARE_AND_ATTACH', 'record'],
  ['SHARE_THEN_ATTACH', 'list'],
  ['SHARE_THEN_ATTACH', 'record'],
])('sharing a line by %s, where one sharing comes as a %s', (method, allocationReply) => {
  const write =
    method === 'SHARE_AND_ATTACH' ? 'whatsapp_credit_sharing_and_attach' : 'whatsapp_credit_attach'
  let world: World
  let wabaId: string
  let businessId: string

  beforeEach(async () => {
    world = await startWorld({ seed: { allocationReply } })
    ;({ wabaId, businessId } = world.wabas[0] as World['wabas'][number])
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const share = (more: object = {}) => world.share({ wabaId, method, ...more })

  it('is done once, verified with both tokens, and told to subscribers', async () => {
    const shared = await share()
    expect(shared).toMatchObject({ verified: true, clientWaba: { wabaId } })
    const [allocation] = world.sim.state().allocations
    expect(shared['creditAllocation']).toEqual({ allocationId: allocation?.id, status: 'SHARED' })
    expect(world.sim.state().attachments).toMatchObject([{ wabaId, currency: 'USD', active: true }])
    expect(await world.done(write)).toBe(1)
    expect(await world.events()).toEqual([
      {
        kind: 'CREDIT_SHARED',
        source: 'GATEWAY',
        appId: luckyShrub,
        allocationId: allocation?.id,
        wabaId,
        receivingBusinessId: businessId,
        creditAllocation: { status: 'SHARED' },
      },
    ])
  })

  it('sends nothing where the account takes the line already', async () => {
    await share()
    expect(await share()).toMatchObject({ verified: true })
    expect(await world.done(write)).toBe(1)
    expect(await world.events()).toHaveLength(1)
  })

  it('says that a line that is attached keeps its currency', async () => {
    await share()
    expect(await share({ currency: 'EUR' })).toMatchObject({ code: 'CONFLICT' })
    expect(await world.done(write)).toBe(1)
  })

  it('is done once by two callers at once', async () => {
    const both = await Promise.all([share(), share()])
    expect(both.map(({ verified }) => verified)).toEqual([true, true])
    expect(await world.done(write)).toBe(1)
    expect(world.sim.state().allocations).toHaveLength(1)
  })

  it('gives the first outcome to the same key, and a conflict to the same key with another input', async () => {
    const first = await share({ idempotencyKey: 'k' })
    expect(await share({ idempotencyKey: 'k' })).toEqual(first)
    const other = world.wabas[1]?.wabaId
    expect(await share({ idempotencyKey: 'k', wabaId: other })).toMatchObject({ code: 'CONFLICT' })
    expect(await world.done(write)).toBe(1)
  })

  it.each([
    { kind: 'lostReply' },
    { kind: 'truncate' },
    { kind: 'html', status: 502, done: true },
    { kind: 'error', code: 2, status: 500, done: true },
  ])('is found by looking when no definite answer comes: $kind', async (fault) => {
    await world.simulator.faults({ method: 'POST', path: write, times: 1, ...fault })
    expect(await share()).toMatchObject({ verified: true })
    expect(await world.done(write)).toBe(1)
    expect(await world.events()).toHaveLength(1)
  })

  it('says that it may still come when the connection breaks before it is done, and does not send again', async () => {
    await world.simulator.faults({ method: 'POST', path: write, kind: 'reset', times: 1 })
    expect(await share()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    expect(await share()).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await world.done(write)).toBe(0)
    expect(await world.events()).toEqual([])
  })

  it("passes Graph's refusal on", async () => {
    await world.simulator.faults({ method: 'POST', path: write, kind: 'error', code: 200 })
    expect(await share()).toMatchObject({ __typename: 'GraphApiProblem', code: 'NOT_PERMITTED' })
    await world.simulator.faults()
    expect(await share()).toMatchObject({ verified: true })
  })

  it('stands when it cannot be read back, and says that it is not verified', async () => {
    const { allocation_config_id: id } = await world.atGraph(
      'POST',
      `/${world.app.creditLineId}/whatsapp_credit_sharing?receiving_business_id=${businessId}`,
    )
    await world.simulator.faults({ method: 'GET', path: `/${String(id)}`, kind: 'error', code: 200 })
    expect(await share()).toMatchObject({
      __typename: 'ShareCreditLinePayload',
      creditAllocation: { status: 'SHARED' },
      verified: null,
    })
    expect(await world.done(write)).toBe(1)
  })
})

describe('before a line is shared', () => {
  let world: World
  let wabaId: string

  beforeEach(async () => {
    world = await startWorld()
    wabaId = world.wabas[0]?.wabaId ?? ''
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  it('a Tech Provider is told why it cannot', async () => {
    const refused = await world.share({ wabaId, appId: socialOverdrive })
    expect(refused).toMatchObject({ __typename: 'GatewayProblem', code: 'NOT_PERMITTED' })
    expect(refused['message']).toMatch(/no credit line.*Solution Partner/)
    const { app } = (await world.ask(
      `{ app(id: "${socialOverdrive}") { creditLines { creditLineId } clientWabas { edges { node { creditActions { action available reason } } } } } }`,
    )) as { app: { creditLines: unknown[]; clientWabas: { edges: { node: object }[] } } }
    expect(app.creditLines).toEqual([])
    expect(app.clientWabas.edges[0]?.node).toMatchObject({
      creditActions: [
        { action: 'SHARE', available: false, reason: expect.stringContaining('Tech Provider') as string },
      ],
    })
  })

  it('the missing system user is told, and added only when that is asked for', async () => {
    const refused = await world.share({ wabaId, addSystemUser: false })
    expect(refused).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(refused['message']).toContain('addSystemUser')
    expect(await world.done('assigned_users')).toBe(0)
    expect(await world.share({ wabaId })).toMatchObject({ verified: true })
    expect(await world.done('assigned_users')).toBe(1)
    expect(await world.share({ wabaId: world.wabas[1]?.wabaId, addSystemUser: true })).toMatchObject({
      verified: true,
    })
  })

  it('the alternate method needs no system user, and adds none that nobody asked for', async () => {
    const shared = await world.share({ wabaId, addSystemUser: false, method: 'SHARE_THEN_ATTACH' })
    expect(shared).toMatchObject({ verified: true })
    expect(await world.done('assigned_users')).toBe(0)
  })

  it('a process that died between the two steps is gone on with', async () => {
    const { businessId } = world.wabas[0] as World['wabas'][number]
    await world.atGraph(
      'POST',
      `/${world.app.creditLineId}/whatsapp_credit_sharing?receiving_business_id=${businessId}`,
    )
    expect(await world.share({ wabaId, method: 'SHARE_THEN_ATTACH' })).toMatchObject({ verified: true })
    expect(await world.done('whatsapp_credit_sharing')).toBe(1)
    expect(await world.done('whatsapp_credit_attach')).toBe(1)
  })

  it('what stands of two steps is told when the second fails', async () => {
    await world.simulator.faults({ method: 'POST', path: 'whatsapp_credit_attach', kind: 'error', code: 100 })
    const refused = await world.share({ wabaId, method: 'SHARE_THEN_ATTACH' })
    const [allocation] = world.sim.state().allocations
    expect(refused).toMatchObject({ __typename: 'GraphApiProblem', code: 'UPSTREAM_REFUSED' })
    expect(refused['message']).toContain(`allocation ${allocation?.id}`)
  })

  it.each([
    ['wabaId', { wabaId: 'no id' }],
    ['wabaId', { wabaId: Buffer.from('Solution:1').toString('base64url') }],
    ['creditLineId', { creditLineId: Buffer.from('ClientWaba:1').toString('base64url') }],
    ['appId', { appId: '1' }],
    ['appId', { appId: 'x' }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('a wrong %s is refused without a call: %j', async (field, wrong) => {
    const refused = await world.share({ wabaId, ...wrong })
    expect(refused).toMatchObject({ __typename: 'InvalidInputProblem', path: ['input', field] })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it('a currency that is none of the six is no currency', async () => {
    await expect(world.share({ wabaId, currency: 'CHF' })).rejects.toThrow('CreditCurrency')
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it('a line of another business is none', async () => {
    expect(await world.share({ wabaId, creditLineId: '1' })).toMatchObject({
      path: ['input', 'creditLineId'],
    })
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(0)
  })
})

describe('with several lines', () => {
  let world: World
  let wabaId: string
  let lines: readonly string[]

  beforeEach(async () => {
    world = await startWorld({ seed: { creditLines: 2 }, lookUp: true })
    wabaId = world.wabas[0]?.wabaId ?? ''
    lines = world.sim.state().creditLines.map(({ id }) => id)
  })
  afterEach(() => world.close())

  it('the one to share from must be said', async () => {
    expect(await world.share({ wabaId })).toMatchObject({ path: ['input', 'creditLineId'] })
    expect(await world.share({ wabaId, creditLineId: lines[1] })).toMatchObject({ verified: true })
  })

  it('a second one cannot be attached, and the answer says why, also after the first was revoked', async () => {
    const shared = (await world.share({ wabaId, creditLineId: lines[0] })) as {
      creditAllocation: { allocationId: string }
    }
    const second = () => world.share({ wabaId, creditLineId: lines[1] })
    const refused = await second()
    expect(refused).toMatchObject({ code: 'CONFLICT' })
    expect(refused['message']).toContain(lines[0])
    await world.revoke({
      allocationId: shared.creditAllocation.allocationId,
      confirmReceivingBusinessId: world.wabas[0]?.businessId,
    })
    expect(await second()).toMatchObject({ code: 'CONFLICT' })
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(1)
  })
})
