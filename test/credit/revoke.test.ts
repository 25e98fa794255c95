import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type Json, type World } from './support/world.ts'

describe('revoking an allocation', () => {
  let world: World
  let wabaId: string
  let businessId: string
  let secondId: string
  let allocationId: string

  /** One customer with two accounts that take the line. */
  beforeEach(async () => {
    world = await startWorld()
    ;({ wabaId, businessId } = world.wabas[0] as World['wabas'][number])
    const second = await world.simulator.play<{ waba_id: string }>('onboard', { business_id: businessId })
    secondId = second.waba_id
    for (const id of [wabaId, secondId]) await world.share({ wabaId: id, appId: luckyShrub })
    allocationId = world.sim.state().allocations[0]?.id ?? ''
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const revoke = (more: object = {}) =>
    world.revoke({ allocationId, confirmReceivingBusinessId: businessId, ...more })
  const deleted = () => world.done('DELETE /{allocation}')

  it('shows first what it will hit, and hits all of it', async () => {
    const { creditAllocation } = await world.ask(
      `query ($id: ID!) { creditAllocation(id: $id) {
        receivingBusiness { businessId } clientWabas { edges { node { wabaId } } pageInfo { hasNextPage } }
        actions { action available reason notice } } }`,
      { id: allocationId },
    )
    expect(creditAllocation).toMatchObject({
      receivingBusiness: { businessId },
      clientWabas: { pageInfo: { hasNextPage: false } },
      actions: [{ action: 'REVOKE', available: true, reason: null }],
    })
    const { clientWabas } = creditAllocation as { clientWabas: { edges: { node: Json }[] } }
    expect(clientWabas.edges.map(({ node }) => node['wabaId']).sort()).toEqual([wabaId, secondId].sort())
    expect(await revoke()).toMatchObject({
      creditAllocation: { allocationId, status: 'REVOKED', graphRequestStatus: 'DELETED' },
    })
    expect(world.sim.state().attachments.map(({ active }) => active)).toEqual([false, false])
    expect(await deleted()).toBe(1)
    expect((await world.events()).at(-1)).toEqual({
      kind: 'CREDIT_REVOKED',
      source: 'GATEWAY',
      appId: luckyShrub,
      allocationId,
      wabaId: null,
      receivingBusinessId: businessId,
      creditAllocation: { status: 'REVOKED' },
    })
  })

  it('sends nothing when it is revoked already', async () => {
    await revoke()
    expect(await revoke()).toMatchObject({ creditAllocation: { status: 'REVOKED' } })
    expect(await deleted()).toBe(1)
    expect(await world.events()).toHaveLength(3)
  })

  it('is done once by two callers at once', async () => {
    const both = await Promise.all([revoke(), revoke()])
    expect(both.map(({ __typename }) => __typename)).toEqual(Array(2).fill('RevokeCreditAllocationPayload'))
    expect(await deleted()).toBe(1)
  })

  it.each([
    { kind: 'lostReply' },
    { kind: 'truncate' },
    { kind: 'html', status: 502, done: true },
    { kind: 'error', code: 2, status: 500, done: true },
  ])('is found by looking when no definite answer comes: $kind', async (fault) => {
    await world.simulator.faults({ method: 'DELETE', path: allocationId, times: 1, ...fault })
    expect(await revoke()).toMatchObject({ creditAllocation: { status: 'REVOKED' } })
    expect(await deleted()).toBe(1)
    expect((await world.events()).at(-1)).toMatchObject({ kind: 'CREDIT_REVOKED' })
  })

  it('may still come when the connection breaks before it is done', async () => {
    await world.simulator.faults({ method: 'DELETE', path: allocationId, times: 1, kind: 'reset' })
    expect(await revoke()).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await deleted()).toBe(0)
  })

  it("passes Graph's refusal on", async () => {
    await world.simulator.faults({ method: 'DELETE', path: allocationId, kind: 'error', code: 200 })
    expect(await revoke()).toMatchObject({ __typename: 'GraphApiProblem', code: 'NOT_PERMITTED' })
  })

  it('is refused without a call when another business is named', async () => {
    for (const named of [world.wabas[1]?.businessId, '1'])
      expect(await revoke({ confirmReceivingBusinessId: named })).toMatchObject({
        __typename: 'InvalidInputProblem',
        path: ['input', 'confirmReceivingBusinessId'],
      })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it('asks Graph whose it is where nothing was stored, and revokes nothing of another business', async () => {
    const other = world.wabas[1] as World['wabas'][number]
    const made = await world.atGraph(
      'POST',
      `/${world.app.creditLineId}/whatsapp_credit_sharing?receiving_business_id=${other.businessId}`,
    )
    const id = made['allocation_config_id']
    expect(await revoke({ allocationId: id })).toMatchObject({
      path: ['input', 'confirmReceivingBusinessId'],
    })
    expect(await deleted()).toBe(0)
    expect(await revoke({ allocationId: id, confirmReceivingBusinessId: other.businessId })).toMatchObject({
      creditAllocation: { status: 'REVOKED' },
    })
  })

  it.each([
    ['allocationId', { allocationId: 'x' }],
    ['allocationId', { allocationId: Buffer.from('ClientWaba:1').toString('base64url') }],
    ['appId', { appId: '1' }],
    ['confirmReceivingBusinessId', { confirmReceivingBusinessId: '' }],
    ['confirmReceivingBusinessId', { confirmReceivingBusinessId: 'yes' }],
    ['idempotencyKey', { idempotencyKey: 'k'.repeat(256) }],
  ])('a wrong %s is refused without a call: %j', async (field, wrong) => {
    expect(await revoke(wrong)).toMatchObject({
      __typename: 'InvalidInputProblem',
      path: ['input', field],
    })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it('must be confirmed', async () => {
    await expect(world.revoke({ allocationId })).rejects.toThrow('confirmReceivingBusinessId')
  })

  it('is nothing that a Tech Provider can do, and it is told why', async () => {
    const refused = await revoke({ appId: socialOverdrive })
    expect(refused).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(refused['message']).toContain('Tech Provider')
    expect(await deleted()).toBe(0)
  })

  it('works after the customer unshared its accounts, from what was stored', async () => {
    for (const waba_id of [wabaId, secondId]) await world.simulator.play('unshare', { waba_id })
    const { creditAllocation } = await world.ask(
      `query ($id: ID!) { creditAllocation(wabaId: $id) { allocationId status receivingBusiness { businessId } funds(wabaId: $id) } }`,
      { id: wabaId },
    )
    expect(creditAllocation).toEqual({
      allocationId,
      status: 'SHARED',
      receivingBusiness: { businessId },
      funds: null,
    })
    expect(await revoke()).toMatchObject({ creditAllocation: { status: 'REVOKED' } })
  })

  it('is seen when somebody did it in Business Suite', async () => {
    await world.simulator.play('revoke_credit', { allocation_id: allocationId })
    expect(await revoke()).toMatchObject({ creditAllocation: { status: 'REVOKED' } })
    expect(await deleted()).toBe(0)
  })
})
