import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRestartable, type Restartable } from '../onboarding/support/restartable.ts'

describe('what a revocation hits, when Graph does not say whose accounts are', () => {
  let world: Restartable
  let allocationId: string
  let wabaIds: string[]

  beforeEach(async () => {
    world = await startRestartable()
    const first = await world.arrive()
    const second = await world.arrive(first.business_id)
    wabaIds = [first.waba_id, second.waba_id]
    for (const wabaId of wabaIds) {
      await world.told(wabaId)
      await world.mutate('ShareCreditLineInput', 'shareCreditLine', {
        wabaId,
        currency: 'USD',
        addSystemUser: true,
      })
    }
    allocationId = world.state().allocations[0]?.id ?? ''
  })
  afterEach(() => world.close())

  const withoutOwners = { kind: 'unknownField', path: '/', field: 'owner_business' }
  const hit = async () => {
    const { creditAllocation } = (await world.ask(
      'query ($id: ID!) { creditAllocation(id: $id) { clientWabas { edges { node { wabaId } } } } }',
      { id: allocationId },
    )) as { creditAllocation: { clientWabas: { edges: { node: { wabaId: string } }[] } } }
    return creditAllocation.clientWabas.edges.map(({ node }) => node.wabaId)
  }

  it('is told from what was stored', async () => {
    await world.simulator.faults(withoutOwners)
    await world.restart()
    expect(await hit()).toEqual(wabaIds)
  })

  it('is told by the token of the business, where nothing was stored', async () => {
    await world.simulator.faults(withoutOwners)
    await world.restart({ empty: true })
    expect(await hit()).toEqual(wabaIds)
  })

  it('fails with the accounts of which it cannot be told, rather than leave them out', async () => {
    const noToken = { method: 'POST', path: 'system_user_access_tokens', kind: 'error', code: 200 }
    await world.simulator.faults(withoutOwners, noToken)
    await world.restart({ empty: true })
    await expect(hit()).rejects.toThrow(wabaIds[0])
  })
})
