import { describe, expect, it } from 'vitest'
import { baselineAppId } from '../../src/reconcile/baseline.ts'
import { startWorld, webhookEvent } from './world.ts'

describe('the first look at an app', () => {
  it('takes what is there as it is, page by page, and announces only what comes later', async () => {
    const world = await startWorld({ solutions: 130, wabas: 250 })
    const reconciliation = await world.watch()
    expect(await world.events()).toEqual([])
    await world.loseWebhooks()
    const [solution] = world.simulator.state().solutions
    const { waba_id: wabaId } = await world.control.onboard(solution?.id ?? '')
    await reconciliation.runNow()
    expect(await world.events()).toMatchObject([{ kind: 'CLIENT_WABA_ONBOARDED', wabaId }])
  })

  it('compares what webhooks have told of before', async () => {
    const world = await startWorld({ solutions: 2, wabas: 5 })
    const solutionId = world.simulator.state().solutions[0]?.id ?? ''
    const old = {
      solutionId,
      reportedStatus: 'INITIATED',
      kind: 'SOLUTION_CREATED',
      occurredAt: 1000,
    } as const
    await world.log.append([webhookEvent(world.lucky, old)])
    await world.watch()
    expect(await world.reconciled()).toMatchObject([{ solutionId, reportedStatus: 'ACTIVE' }])
  })

  it('is taken again while a list cannot be read, for that list alone', async () => {
    const world = await startWorld({ solutions: 1, wabas: 3 })
    await world.control.faults({ kind: 'error', path: '/client_', code: 10 })
    const reconciliation = await world.watch()
    await world.control.faults()
    for (const _ of [1, 2]) expect((await reconciliation.runNow()).events).toEqual([])
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(world.simulator.state().solutions[0]?.id ?? '')
    await reconciliation.runNow()
    expect(await world.events()).toMatchObject([{ wabaId }])
  })
})

describe('the baseline', () => {
  it('outlives a restart: what came in between is announced, what was there is not', async () => {
    const world = await startWorld({ solutions: 1, wabas: 30 })
    const solutionId = world.simulator.state().solutions[0]?.id ?? ''
    const first = await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    await first.runNow()
    const { waba_id: second } = await world.control.onboard(solutionId)
    await world.watch()
    await world.watch()
    expect((await world.events()).map((event) => event.wabaId)).toEqual([wabaId, second])
  })

  it('is written anew when it has grown old, so that retention may take what it came from', async () => {
    const world = await startWorld({ solutions: 2, wabas: 30 })
    const reconciliation = await world.watch({ baselineMs: 0 })
    await world.loseWebhooks()
    await world.control.onboard(world.simulator.state().solutions[0]?.id ?? '')
    await reconciliation.runNow()
    await reconciliation.runNow()
    const baselines = await world.log.readAfter(0, { appIds: [baselineAppId(world.lucky.appId)] }, 100)
    const [newest] = baselines.events.slice(-1)
    expect(baselines.events.length).toBeGreaterThan(2)
    // A log that has nothing but the newest baseline.
    const other = await startWorld()
    await other.log.append(newest ? [newest] : [])
    const silent = await world.watch({ log: other.log })
    expect((await silent.runNow()).events).toEqual([])
  })

  it('is shown to nobody', async () => {
    const world = await startWorld({ solutions: 1, wabas: 3 })
    await world.watch({ apps: [world.lucky, world.social] })
    expect(await world.log.head()).toBe(2)
    expect([...(await world.events()), ...(await world.events(world.social))]).toEqual([])
  })
})
