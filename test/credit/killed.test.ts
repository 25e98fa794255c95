import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../src/events/store.ts'
import { digestOf, idOf } from '../../src/writes/record.ts'
import { line, startWorld, type World } from './support/world.ts'

/** As a gateway leaves it that dies after it has sent a write: begun long ago, and without an outcome. */
async function leavePending(
  world: World,
  { verb, object, input }: { verb: string; object: string; input: unknown },
  before: unknown,
): Promise<void> {
  const store = await openStore(world.databaseUrl, { clock: () => Date.now() - 60_000 })
  const id = idOf({ app: world.app, verb, object, key: null })
  const answer = await store.writes.begin(id, digestOf(input))
  if ('begun' in answer)
    await store.writes.markSending(id, answer.begun.token, JSON.stringify({ before }), 60_000)
  await store.close()
}

describe('what a gateway had sent when it was killed', () => {
  let world: World
  let wabaId: string
  let businessId: string

  beforeEach(async () => {
    world = await startWorld()
    ;({ wabaId, businessId } = world.wabas[0] as World['wabas'][number])
  })
  afterEach(() => world.close())

  const assign = async (): Promise<void> => {
    const { systemUserId } = world.sim.state().apps.find(({ appId }) => appId === world.app.appId) ?? {}
    await world.atGraph('POST', `/${wabaId}/assigned_users?user=${systemUserId}&tasks=["MANAGE_BILLING"]`)
  }
  const attachAtGraph = () =>
    world.atGraph('POST', `/${line}/whatsapp_credit_sharing_and_attach?waba_currency=USD&waba_id=${wabaId}`)

  it('is found, told once and not sent again, when it was done', async () => {
    await assign()
    await leavePending(
      world,
      {
        verb: 'share_credit_line',
        object: `waba:${wabaId}`,
        input: [wabaId, line, 'USD', 'SHARE_AND_ATTACH'],
      },
      { fundingId: null },
    )
    const { allocation_config_id: allocationId } = await attachAtGraph()
    await world.simulator.forgetRequests()
    const shared = await world.share({ wabaId })
    expect(shared).toMatchObject({ verified: true, creditAllocation: { allocationId } })
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(0)
    expect(await world.events()).toMatchObject([{ kind: 'CREDIT_SHARED', allocationId, wabaId }])
  })

  it('is waited for, when Graph does not show it yet', async () => {
    await assign()
    await leavePending(
      world,
      {
        verb: 'share_credit_line',
        object: `waba:${wabaId}`,
        input: [wabaId, line, 'USD', 'SHARE_AND_ATTACH'],
      },
      { fundingId: null },
    )
    expect(await world.share({ wabaId })).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(0)
  })

  it('is gone on with, when it was the first of two steps', async () => {
    await leavePending(
      world,
      {
        verb: 'share_credit_line_with_business',
        object: `line:${line} business:${businessId}`,
        input: [line, businessId],
      },
      null,
    )
    await world.atGraph('POST', `/${line}/whatsapp_credit_sharing?receiving_business_id=${businessId}`)
    await world.simulator.forgetRequests()
    expect(await world.share({ wabaId, method: 'SHARE_THEN_ATTACH' })).toMatchObject({ verified: true })
    expect(await world.done('whatsapp_credit_sharing')).toBe(0)
    expect(await world.done('whatsapp_credit_attach')).toBe(1)
    expect(await world.events()).toHaveLength(1)
  })

  it('is found when it was a revocation', async () => {
    await world.share({ wabaId })
    const [allocation] = world.sim.state().allocations
    const id = allocation?.id ?? ''
    const write = { verb: 'revoke_credit_allocation', object: `allocation:${id}`, input: [id, businessId] }
    await leavePending(world, write, null)
    await world.atGraph('DELETE', `/${id}`)
    await world.simulator.forgetRequests()
    expect(await world.revoke({ allocationId: id, confirmReceivingBusinessId: businessId })).toMatchObject({
      creditAllocation: { status: 'REVOKED' },
    })
    expect(await world.done('DELETE /{allocation}')).toBe(0)
    expect((await world.events()).at(-1)).toMatchObject({ kind: 'CREDIT_REVOKED', allocationId: id })
  })
})
