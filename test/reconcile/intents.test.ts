import { describe, expect, it } from 'vitest'
import { startWorld, type World } from './world.ts'

/** A customer's account, on its way from one solution to another: asked for through the gateway. */
async function onItsWay(askedAt = Date.now()): Promise<{ world: World; intentId: string; wabaId: string }> {
  const world = await startWorld()
  const [from, to] = [await world.activeSolution(), await world.activeSolution()]
  const { waba_id: wabaId, business_id: businessId } = await world.control.onboard(from)
  await world.told(5)
  const state = world.simulator.state()
  const token =
    state.tokens.find((row) => row.kind === 'business' && row.appId === world.lucky.appId)?.token ?? ''
  const response = await fetch(`${world.simulator.url}/${wabaId}/set_solution_migration_intent`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ solution_id: to }),
  })
  const { id: intentId } = (await response.json()) as { id: string }
  const audit = {
    actor: 'LOCAL',
    outcome: 'DONE',
    after: { migrationIntentId: intentId, status: 'INITIATED' },
  }
  await world.log.append([
    {
      appId: world.lucky.appId,
      kind: 'CLIENT_WABA_UPDATED',
      source: 'GATEWAY',
      dedupeKey: 'asked for',
      occurredAt: askedAt,
      receivedAt: Date.now(),
      field: 'set_migration_intent',
      event: 'CLIENT_WABA_UPDATED',
      solutionId: to,
      wabaId,
      ownerBusinessId: businessId,
      reportedStatus: null,
      payload: JSON.stringify(audit),
    },
  ])
  return { world, intentId, wabaId }
}

const told = async (world: World) =>
  (await world.reconciled()).filter(({ field }) => field === 'migration_intent').map(({ event }) => event)

/** Through which of Graph's routes intents were read. */
async function intentRoutes({ control }: World): Promise<string[]> {
  const { byRoute } = await control.requests()
  return Object.keys(byRoute).filter((route) => route.includes('intent'))
}

describe('a migration that was asked for', () => {
  it('is told of when the customer has accepted it, once', async () => {
    const { world, intentId, wabaId } = await onItsWay()
    await world.look()
    expect(await told(world)).toEqual([])
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    await world.look()
    await world.look()
    expect(await told(world)).toEqual(['MIGRATION_INTENT_ACCEPTED', 'CLIENT_WABA_ONBOARDED'])
    const [event, arrival] = (await world.reconciled()).filter(({ field }) => field === 'migration_intent')
    expect(arrival).toMatchObject({
      kind: 'CLIENT_WABA_ONBOARDED',
      wabaId: expect.not.stringContaining(wabaId) as string,
      ownerBusinessId: event?.ownerBusinessId,
    })
    expect(event).toMatchObject({ kind: 'CLIENT_WABA_UPDATED', wabaId })
    expect(JSON.parse(event?.payload ?? '{}')).toEqual({
      migrationIntentId: intentId,
      status: 'ACCEPTED',
      before: 'INITIATED',
    })
  })

  it('is read no more when it has ended', async () => {
    const { world, intentId } = await onItsWay()
    await world.control.play('intents', { id: intentId, status: 'REJECTED' })
    await world.look()
    await world.control.forgetRequests()
    await world.look()
    expect(await told(world)).toEqual(['MIGRATION_INTENT_REJECTED'])
    expect(await intentRoutes(world)).toEqual([])
  })

  it('is read no more when it was asked for so long ago that it must have ended', async () => {
    const dayMs = 24 * 60 * 60_000
    for (const [days, reads] of [
      [90, 1],
      [101, 0],
    ] as const) {
      const { world } = await onItsWay(Date.now() - days * dayMs)
      await world.control.forgetRequests()
      await world.look()
      expect(await intentRoutes(world)).toHaveLength(reads)
    }
  })

  it('that cannot be read now is asked for again at the next look', async () => {
    const { world, intentId } = await onItsWay()
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    await world.control.faults({ method: 'GET', path: `/${intentId}`, kind: 'error', code: 10 })
    await world.look()
    expect(await told(world)).toEqual([])
    await world.control.faults()
    await world.look()
    expect(await told(world)).toEqual(['MIGRATION_INTENT_ACCEPTED', 'CLIENT_WABA_ONBOARDED'])
  })
})
