import { describe, expect, it } from 'vitest'
import { startWorld, unsubscribe } from './world.ts'

describe('a look says aloud', () => {
  it('nothing when webhooks are set up', async () => {
    const world = await startWorld()
    const { findings } = await (await world.watch()).runNow()
    expect(findings).toEqual([])
    expect(world.lines).toEqual([])
  })

  it('that the app is not subscribed, or not to a field that is needed', async () => {
    const world = await startWorld()
    const { lucky, simulator } = world
    const reconciliation = await world.watch()
    const type = 'APP_NOT_SUBSCRIBED'
    await unsubscribe(simulator.url, lucky, 'partner_solutions')
    expect((await reconciliation.runNow()).findings).toEqual([
      { type, appId: lucky.appId, reason: 'FIELDS_MISSING', missingFields: ['partner_solutions'] },
    ])
    await unsubscribe(simulator.url, lucky)
    expect((await reconciliation.runNow()).findings).toMatchObject([{ type, reason: 'NO_SUBSCRIPTION' }])
    expect(JSON.parse(world.lines.at(-1) ?? '')).toMatchObject({ level: 40, type, appId: lucky.appId })
  })

  it('that the subscription is switched off', async () => {
    const world = await startWorld()
    const reconciliation = await world.watch()
    const row = {
      object: 'whatsapp_business_account',
      active: false,
      fields: [{ name: 'account_update' }, { name: 'partner_solutions' }],
    }
    await world.control.faults({ kind: 'error', path: '/subscriptions', status: 200, body: { data: [row] } })
    expect((await reconciliation.runNow()).findings).toMatchObject([{ reason: 'INACTIVE' }])
  })

  it('of the fields with alerts that they are recommended: not as a warning, and not as an event', async () => {
    const world = await startWorld()
    const reconciliation = await world.watch()
    await unsubscribe(world.simulator.url, world.lucky, 'security,account_alerts')
    const finding = { type: 'ALERTS_NOT_SUBSCRIBED', fields: ['account_alerts', 'security'] }
    for (const _ of [1, 2]) {
      const { findings, events } = await reconciliation.runNow()
      expect([findings, events]).toMatchObject([[finding], []])
    }
    expect(world.lines.map((line) => JSON.parse(line) as object)).toMatchObject([{ level: 30, ...finding }])
  })

  it('once in a while, which accounts the app is not subscribed to', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const with_ = await world.control.onboard(solutionId)
    const without = await world.control.onboard(solutionId)
    await world.told(4)
    const token = world.simulator
      .state()
      .tokens.find((row) => row.businessId === with_.business_id && row.appId === world.lucky.appId)
    await world.act({ ...world.lucky, systemToken: token?.token ?? '' }, `${with_.waba_id}/subscribed_apps`)
    const finding = { type: 'ACCOUNTS_NOT_SUBSCRIBED', wabaIds: [without.waba_id] }
    const always = await world.watch({ subscribedAppsEveryMs: 0 })
    expect((await always.runNow()).findings).toMatchObject([finding])
    // Each is asked for when Graph does not show the edge in the list.
    await world.control.faults({ kind: 'unknownField', path: '/client_', field: 'subscribed_apps' })
    expect((await always.runNow()).findings).toMatchObject([finding])
    const daily = await world.watch()
    expect((await daily.runNow()).findings).toEqual([])
  })
})

describe('an error of Graph', () => {
  it('ends its own part of the look only', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    await world.control.faults({ kind: 'error', path: '/whatsapp_business_solutions', code: 200 })
    const { events, findings } = await reconciliation.runNow()
    expect(findings).toMatchObject([{ type: 'UNREADABLE', part: 'solutions', kind: 'permission', code: 200 }])
    expect(events).toMatchObject([{ wabaId }])
  })

  it('that asks to slow down ends the look at the app, which says what it could not ask for, and leaves arrivals for the next', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    await world.control.faults({ kind: 'throttle', path: `^/${wabaId}$` })
    expect(await reconciliation.runNow()).toMatchObject({
      events: [],
      findings: [{ part: 'origins', kind: 'throttled', code: 80_008 }],
    })
    await world.control.faults({ kind: 'throttle', path: '/subscriptions', code: 4 })
    await world.control.forgetRequests()
    const unasked = ['subscriptions', 'solutions', 'accounts']
    expect((await reconciliation.runNow()).findings).toMatchObject(
      unasked.map((part) => ({ type: 'UNREADABLE', part, kind: 'throttled', code: 4 })),
    )
    expect(Object.keys((await world.control.requests()).byRoute)).toHaveLength(1)
    await world.control.faults()
    world.wait(10 * 60_000)
    expect((await reconciliation.runNow()).events).toMatchObject([{ wabaId, solutionId }])
  })

  it('about an owner that is not told does not hide the arrival', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const one = await world.control.onboard(solutionId)
    const two = await world.control.onboard(solutionId)
    await world.control.faults(
      { kind: 'unknownField', path: '/', field: 'owner_business' },
      { kind: 'error', path: `^/${two.waba_id}$`, code: 200 },
    )
    expect((await reconciliation.runNow()).events).toMatchObject([
      { wabaId: one.waba_id, ownerBusinessId: null, solutionId },
      { wabaId: two.waba_id, ownerBusinessId: null, solutionId: null },
    ])
  })
})

describe('the schedule', () => {
  it('looks again and again, an app after the other, until it is stopped', async () => {
    const world = await startWorld()
    const stop = new AbortController()
    const seen = Promise.withResolvers<void>()
    let looks = 0
    await world.watch({
      signal: stop.signal,
      intervalMs: 1,
      apps: [world.lucky, world.social],
      guard: {
        withLease: async (work) => {
          if (++looks === 4) seen.resolve()
          return work({ append: async (events) => void (await world.log.append(events)), isHeld: () => true })
        },
      },
    })
    await seen.promise
    stop.abort()
    expect(looks).toBeGreaterThanOrEqual(4)
  })

  it('ends at once, in the middle of a pause', async () => {
    const world = await startWorld()
    const stop = new AbortController()
    const asked = Promise.withResolvers<void>()
    const reconciliation = world.start({
      signal: stop.signal,
      pauseMs: 3_600_000,
      graph: {
        readAll: world.graph.readAll,
        call: (...args) => {
          asked.resolve()
          return world.graph.call(...args)
        },
      },
    })
    await asked.promise
    stop.abort()
    await reconciliation.stopped
    expect(await reconciliation.runNow()).toMatchObject({ looked: false })
    expect(await world.log.head()).toBe(0)
  })
})
