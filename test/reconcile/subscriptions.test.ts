import { describe, expect, it } from 'vitest'
import { alertFields } from '../../src/alerts/fields.ts'
import { subscribe, startWorld, unsubscribe, type World } from './world.ts'

const needed = ['account_update', 'partner_solutions']

const told = async (world: World) =>
  (await world.reconciled()).map(({ kind, event, wabaId, payload }) => {
    const { missingFields } = JSON.parse(payload) as { missingFields?: string[] }
    return [kind, event, wabaId, missingFields ?? null]
  })

const warnings = (world: World): number =>
  world.lines.filter((line) => line.includes('NOT_SUBSCRIBED')).length

describe("the app's subscription to webhook fields", () => {
  it('becomes an event when it is lost, when it changes and when it is back: once each, whoever looks', async () => {
    const world = await startWorld()
    const { lucky, simulator } = world
    const reconciliation = await world.watch()
    await unsubscribe(simulator.url, lucky, 'partner_solutions')
    for (const _ of [1, 2, 3]) await reconciliation.runNow()
    await Promise.all([world.look(), world.look()])
    const first = ['OTHER', 'APP_NOT_SUBSCRIBED', null, ['partner_solutions']]
    expect(await told(world)).toEqual([first])
    await unsubscribe(simulator.url, lucky)
    for (const _ of [1, 2]) await reconciliation.runNow()
    const second = ['OTHER', 'APP_NOT_SUBSCRIBED', null, needed]
    expect(await told(world)).toEqual([first, second])
    await subscribe(world, lucky)
    await Promise.all([reconciliation.runNow(), world.look()])
    const third = ['OTHER', 'APP_SUBSCRIBED', null, null]
    expect(await told(world)).toEqual([first, second, third])
    await unsubscribe(simulator.url, lucky)
    await reconciliation.runNow()
    expect(await told(world)).toEqual([first, second, third, second])
  })

  it('is warned of once for each change, and not at each look', async () => {
    const world = await startWorld()
    const reconciliation = await world.watch()
    await unsubscribe(world.simulator.url, world.lucky, 'partner_solutions')
    for (const _ of [1, 2, 3]) await reconciliation.runNow()
    expect(warnings(world)).toBe(1)
    await unsubscribe(world.simulator.url, world.lucky)
    for (const _ of [1, 2]) await reconciliation.runNow()
    expect(warnings(world)).toBe(2)
  })

  it('is remembered by the next baseline, which outlives the event', async () => {
    const world = await startWorld()
    await world.watch()
    await unsubscribe(world.simulator.url, world.lucky)
    await world.look()
    await world.look({ baselineMs: 0 })
    // The first baseline and the event, not the second baseline.
    expect(await world.log.deleteBefore(Date.now() + 1000, 2)).toBe(2)
    await world.look()
    expect(await told(world)).toEqual([])
    await subscribe(world, world.lucky)
    await world.look()
    expect(await told(world)).toEqual([['OTHER', 'APP_SUBSCRIBED', null, null]])
  })

  it('that cannot be read is neither lost nor back', async () => {
    const world = await startWorld()
    const reconciliation = await world.watch()
    await world.control.faults({ kind: 'error', path: '/subscriptions', code: 200 })
    await reconciliation.runNow()
    expect(await told(world)).toEqual([])
  })

  it('is noted for who asks how webhooks come in', async () => {
    const world = await startWorld()
    const notes: (readonly string[])[] = []
    const noteSubscription = async (_: string, missing: readonly string[]) => void notes.push(missing)
    await world.look({ noteSubscription })
    await unsubscribe(world.simulator.url, world.lucky)
    await world.look({ noteSubscription })
    expect(notes).toEqual([[], [...needed, ...alertFields]])
  })
})

describe("an account's subscription", () => {
  const always = { subscribedAppsEveryMs: 0 }

  it('becomes an event when it is lost and when it is back, once each, whoever looks', async () => {
    const world = await startWorld()
    const { waba_id: wabaId, business_id: businessId } = await world.control.onboard(
      await world.activeSolution(),
    )
    await world.told(3)
    const own = world.simulator
      .state()
      .tokens.find((row) => row.businessId === businessId && row.appId === world.lucky.appId)
    const headers = { authorization: `Bearer ${own?.token}` }
    const apps = (method: string) =>
      fetch(`${world.simulator.url}/${wabaId}/subscribed_apps`, { method, headers })
    await apps('POST')
    const reconciliation = await world.watch(always)
    await reconciliation.runNow()
    expect((await apps('DELETE')).status).toBe(200)
    const lost = ['CLIENT_WABA_UPDATED', 'APP_NOT_SUBSCRIBED', wabaId, null]
    for (const _ of [1, 2]) await reconciliation.runNow()
    await Promise.all([world.look(always), world.look(always)])
    expect(await told(world)).toEqual([lost])
    expect(warnings(world)).toBe(1)
    await apps('POST')
    await Promise.all([reconciliation.runNow(), world.look(always)])
    expect(await told(world)).toEqual([lost, ['CLIENT_WABA_UPDATED', 'APP_SUBSCRIBED', wabaId, null]])
  })

  it('that was never there is none that was lost', async () => {
    const world = await startWorld()
    await world.control.onboard(await world.activeSolution())
    await world.told(3)
    const reconciliation = await world.watch(always)
    for (const _ of [1, 2]) await reconciliation.runNow()
    expect(await told(world)).toEqual([])
  })
})
