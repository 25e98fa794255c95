import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/events/event.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { IntentWatch, restMs } from '../../src/reconcile/intents.ts'
import { PacedReads } from '../../src/reconcile/paced-reads.ts'
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

const { signal } = new AbortController()

/** One look by a process that has just begun, or by the one that is given. */
async function look(world: World, now = Date.now(), watch = watchOf(world)): Promise<void> {
  const lease = { append: async () => {}, isHeld: () => true }
  const { graph, lucky: app, log } = world
  const paced = new PacedReads({ graph, memory: new ReadMemory(), app, pauseMs: 0, signal, lease })
  const { events } = await watch.look(await watch.due(now), paced, now)
  if (events.length > 0) await log.append(events)
}

const watchOf = ({ lucky, log }: World): IntentWatch => new IntentWatch(lucky, log, 0)

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
    await look(world)
    expect(await told(world)).toEqual([])
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    await look(world)
    await look(world)
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
      destinationWabaId: arrival?.wabaId,
    })
  })

  it('is read together with others, and fails none of them', async () => {
    const { world, intentId } = await onItsWay()
    const asked = (await world.events()).find(({ source }) => source === 'GATEWAY')
    const others = ['9001', '9002', '9003', '9004']
    await world.log.append(
      others.map((migrationIntentId) => ({
        ...(asked as NewEvent),
        dedupeKey: migrationIntentId,
        payload: (asked?.payload ?? '').replace(intentId, migrationIntentId),
      })),
    )
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    const watch = watchOf(world)
    await look(world, Date.now(), watch)
    expect(await told(world)).toEqual(['MIGRATION_INTENT_ACCEPTED', 'CLIENT_WABA_ONBOARDED'])
    await world.control.forgetRequests()
    await look(world, Date.now() + 60 * 60_000, watch)
    // With the customer's token, and those that this does not open with the app's own.
    expect((await world.control.requests()).total).toBe(2)
  })

  it('is read no more when it has ended', async () => {
    const { world, intentId } = await onItsWay()
    await world.control.play('intents', { id: intentId, status: 'REJECTED' })
    await look(world)
    await world.control.forgetRequests()
    await look(world)
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
      await look(world)
      expect(await intentRoutes(world)).toHaveLength(reads)
    }
  })

  it('that cannot be read now is asked for again at the next look', async () => {
    const { world, intentId } = await onItsWay()
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    await world.control.faults({ method: 'GET', path: `/${intentId}`, kind: 'error', code: 10 })
    await look(world)
    expect(await told(world)).toEqual([])
    await world.control.faults()
    await look(world)
    expect(await told(world)).toEqual(['MIGRATION_INTENT_ACCEPTED', 'CLIENT_WABA_ONBOARDED'])
  })

  it('is followed for 90 days by whoever starts, though its events are no longer kept', async () => {
    const { world, intentId } = await onItsWay()
    const later = Date.now() + 60_000
    await look(world, later)
    await world.log.deleteBefore(later - 1, 1000)
    const rest = await world.log.readAfter(0, { appIds: [world.lucky.appId] }, 100)
    expect(rest.events).toEqual([])
    await world.control.play('intents', { id: intentId, status: 'ACCEPTED' })
    await look(world, later)
    expect(await told(world)).toEqual(['MIGRATION_INTENT_ACCEPTED', 'CLIENT_WABA_ONBOARDED'])
  })

  it('is read no more often than its age asks for', async () => {
    const { world } = await onItsWay()
    const watch = new IntentWatch(world.lucky, world.log, 60_000)
    const now = Date.now()
    await look(world, now, watch)
    expect(await watch.due(now + 59_000)).toEqual([])
    expect(await watch.due(now + 61_000)).toHaveLength(1)
  })
})

describe('the rest between two reads of a migration', () => {
  const [minute, hour] = [60_000, 3_600_000]

  it.each([
    [0, minute],
    [10 * minute, minute],
    [10 * hour, hour / 2],
    [90 * 24 * hour, hour],
  ])('is, at an age of %i ms, %i ms', (age, rest) => {
    expect(restMs(age, minute)).toBe(rest)
  })

  it('is never longer than an hour, nor shorter than the least', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(hour), (age, least) => {
        expect(restMs(age, least)).toBeLessThanOrEqual(hour)
        expect(restMs(age, least)).toBeGreaterThanOrEqual(least)
      }),
    )
  })
})
