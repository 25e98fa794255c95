import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

describe('whose account it is that takes a line', () => {
  let world: World
  let wabaId: string
  let ownerId: string
  let otherId: string

  beforeEach(async () => {
    world = await startWorld()
    ;({ wabaId, businessId: ownerId } = world.wabas[0] as World['wabas'][number])
    otherId = world.wabas[1]?.businessId ?? ''
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  /** As whoever holds the secret of that app can say it. */
  const claim = async (appId: string, owner_business_id: string, waba_id = wabaId): Promise<void> => {
    const solution_id = world.sim.state().solutions[0]?.id
    const waba_info = { waba_id, owner_business_id, solution_id, partner_app_id: appId }
    const value = { event: 'PARTNER_ADDED', waba_info }
    const entry = [{ id: owner_business_id, time: 1, changes: [{ field: 'account_update', value }] }]
    const body = { object: 'whatsapp_business_account', entry }
    expect(await world.simulator.webhook(appId, body)).toEqual([200])
  }
  const share = () => world.share({ wabaId, method: 'SHARE_THEN_ATTACH', addSystemUser: false })
  const ownerShown = async () =>
    await world.ask(
      `query ($app: ID!) { app(id: $app) { clientWabas { edges { node { wabaId ownerBusiness { businessId } } } } } }`,
      { app: luckyShrub },
    )

  it("is what the app's own onboarding says, whatever another app is told later", async () => {
    await claim(luckyShrub, ownerId)
    await claim(luckyShrub, otherId, world.wabas[1]?.wabaId)
    await claim(socialOverdrive, otherId)
    expect(JSON.stringify(await ownerShown())).toContain(
      `{"wabaId":"${wabaId}","ownerBusiness":{"businessId":"${ownerId}"}}`,
    )
    expect(await share()).toMatchObject({ verified: true })
    expect(world.sim.state().allocations).toMatchObject([{ receivingBusinessId: ownerId }])
  })

  it('is known after it was unshared too, so that what a lost share made can be revoked', async () => {
    await claim(luckyShrub, ownerId)
    const path = `/${world.app.creditLineId}/whatsapp_credit_sharing?receiving_business_id=${ownerId}`
    const { allocation_config_id: allocationId } = await world.atGraph('POST', path)
    await world.simulator.play('unshare', { waba_id: wabaId })
    const query = 'query ($id: ID!) { creditAllocation(wabaId: $id) { allocationId status } }'
    const shown = await world.ask(query, { id: wabaId })
    expect(shown).toEqual({ creditAllocation: { allocationId, status: 'SHARED' } })
    expect(await world.revoke({ allocationId, confirmReceivingBusinessId: ownerId })).toMatchObject({
      creditAllocation: { status: 'REVOKED' },
    })
  })

  it('is not shared with on the word of a webhook when Graph refuses to say who owns it', async () => {
    const field = 'owner_business'
    await world.simulator.faults({
      path: '/',
      kind: 'unknownField',
      field,
      nodeType: 'WhatsAppBusinessAccount',
    })
    await claim(socialOverdrive, otherId)
    const refused = await share()
    expect(refused).toMatchObject({ __typename: expect.stringMatching(/Problem$/) as string })
    expect(await world.done('whatsapp_credit_sharing')).toBe(0)
    expect(world.sim.state().allocations).toEqual([])
  })

  it('is what this app has stored at sharing time, rather than what another app is told', async () => {
    await share()
    await claim(socialOverdrive, otherId)
    expect(await share()).toMatchObject({ verified: true })
    expect(world.sim.state().allocations).toMatchObject([{ receivingBusinessId: ownerId }])
  })
})
