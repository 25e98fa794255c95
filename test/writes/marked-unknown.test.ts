import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Play, luckyShrub, socialOverdrive, type Customer, type Json } from './support/play.ts'

/** Graph says that it is done, and what is read after it does not show it. */
describe('a write that Graph took and does not show', () => {
  let play: Play
  let solutionId: string
  let customer: Customer

  beforeEach(async () => {
    play = await Play.begin()
    solutionId = await play.solution('Together')
    customer = await play.customer(solutionId)
  })
  afterEach(() => play.close())

  const pretend = (method: string, path: string) =>
    play.control.faults({ method, path, kind: 'error', status: 200, body: { success: true }, times: 1 })
  const last = async (): Promise<unknown> => {
    const { events } = (await play.ask(
      '{ events(last: 1) { edges { node { kind write { action outcome problem after } } } } }',
    )) as { events: { edges: { node: Json }[] } }
    return events.edges[0]?.node
  }
  const unknown = (action: string, after: object) => ({
    kind: 'OTHER',
    write: { action, outcome: 'UNKNOWN', problem: 'OUTCOME_UNKNOWN', after },
  })

  it('is told as unknown with what was read: a subscription', async () => {
    await pretend('POST', 'subscribed_apps')
    const input = { wabaId: customer.waba_id, appId: luckyShrub }
    expect(await play.mutate('subscribeAppToWaba', input)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await last()).toMatchObject(unknown('subscribe_app', { subscribed: false }))
  })

  it('is told as unknown with what was read: a step of a solution', async () => {
    await pretend('POST', 'send_deactivation_request')
    const input = { solutionId, appId: socialOverdrive }
    expect(await play.mutate('requestSolutionDeactivation', input)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await last()).toMatchObject(unknown('request_deactivation', { status: 'ACTIVE' }))
  })

  it('is told as unknown with what was read: our system user', async () => {
    await pretend('POST', 'assigned_users')
    const input = { wabaId: customer.waba_id, appId: luckyShrub, currency: 'USD', addSystemUser: true }
    expect(await play.mutate('shareCreditLine', input)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await last()).toMatchObject(unknown('assign_user', { tasks: null }))
  })

  it('is under its key never told as done as long as it is not: a revocation', async () => {
    const shared = await play.mutate('shareCreditLine', {
      wabaId: customer.waba_id,
      appId: luckyShrub,
      currency: 'USD',
      addSystemUser: true,
    })
    const { allocationId } = shared['creditAllocation'] as { allocationId: string }
    const input = { allocationId, appId: luckyShrub, confirmReceivingBusinessId: customer.business_id }
    const revoke = () => play.mutate('revokeCreditAllocation', { ...input, idempotencyKey: 'k' })
    await pretend('DELETE', allocationId)
    expect(await Promise.all([revoke(), revoke()])).toMatchObject([
      { code: 'OUTCOME_UNKNOWN' },
      { code: 'OUTCOME_UNKNOWN' },
    ])
    expect(await last()).toMatchObject(
      unknown('revoke_credit_allocation', { allocationId, status: 'SHARED' }),
    )
    expect(await revoke()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    play.aheadMs = 130_000
    expect(await revoke()).toMatchObject({ __typename: 'RevokeCreditAllocationPayload' })
    expect(await last()).toMatchObject({ kind: 'CREDIT_REVOKED' })
  })
})
