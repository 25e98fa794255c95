import { describe, expect, it } from 'vitest'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { startWorld } from './world.ts'

const list = { name: 'solutions', limit: 5, fields: ['id'] }

describe('what a comparison has learnt of refusals', () => {
  it('is known to queries, and to the next comparison', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const memory = new ReadMemory()
    const reconciliation = await world.watch({ memory })
    await world.loseWebhooks()
    const { waba_id: first } = await world.control.onboard(solutionId)
    await world.control.faults(
      { kind: 'unknownField', path: '/', field: 'owner_business' },
      { kind: 'unknownField', path: '/', field: 'solutions' },
    )
    expect((await reconciliation.runNow()).events).toMatchObject([{ wabaId: first, solutionId }])

    await world.control.forgetRequests()
    const reads = new Reads(world.graph, memory, { signal: AbortSignal.timeout(240_000), fresh: true })
    const { node } = await reads.read('ClientWaba', first, { app: world.lucky }, ['id', 'name', list])
    expect(node).toMatchObject({ id: first, solutions: { data: [{ id: solutionId }] } })
    expect((await world.control.requests()).total).toBe(1)

    const { waba_id: next } = await world.control.onboard(solutionId)
    await world.control.forgetRequests()
    expect((await reconciliation.runNow()).events).toMatchObject([{ wabaId: next, solutionId }])
    // The three lists, and one read of the solutions of the account that is new.
    expect(await world.control.requests()).toMatchObject({
      total: 4,
      byRoute: { 'GET /{waba}/solutions': 1 },
    })
  })

  it('is what it asks by, where a query has learnt it', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const { waba_id: known } = await world.control.onboard(solutionId)
    await world.told(3)
    const memory = new ReadMemory()
    const reconciliation = await world.watch({ memory })
    await world.control.faults({ kind: 'unknownField', path: '/', field: 'solutions' })
    const reads = new Reads(world.graph, memory, { signal: AbortSignal.timeout(240_000) })
    await reads.read('ClientWaba', known, { app: world.lucky }, ['id', list])
    await world.loseWebhooks()
    await world.control.onboard(solutionId)
    await world.control.forgetRequests()
    expect((await reconciliation.runNow()).events).toMatchObject([{ solutionId }])
    // The account and its solutions are read in one batch.
    expect((await world.control.requests()).total).toBe(4)
  })

  it('about the subscribed apps in the list of accounts is learnt once', async () => {
    const world = await startWorld({ wabas: 3 })
    const reconciliation = world.start({ subscribedAppsEveryMs: 0 })
    await world.control.faults({ kind: 'unknownField', path: '/client_', field: 'subscribed_apps' })
    await reconciliation.runNow()
    await world.control.forgetRequests()
    await reconciliation.runNow()
    const { byRoute } = await world.control.requests()
    expect(byRoute['GET /{business}/client_whatsapp_business_accounts']).toBe(1)
  })

  it('makes no status of what is left of one', async () => {
    const world = await startWorld()
    await world.activeSolution()
    const reconciliation = await world.watch()
    await world.control.faults({ kind: 'unknownField', path: '/', field: 'status' })
    const { events, findings } = await reconciliation.runNow()
    expect(events).toEqual([])
    expect(findings).toMatchObject([{ type: 'UNREADABLE', part: 'solutions', code: 100 }])
  })

  it('is also told of: Graph could not be asked for it', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const unread: string[] = []
    const reconciliation = await world.watch({ countUnread: (_, part) => unread.push(part) })
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    await world.control.faults({ kind: 'error', path: `^/${wabaId}$`, code: 100, status: 500 })
    const { events, findings } = await reconciliation.runNow()
    expect(events).toMatchObject([{ wabaId, ownerBusinessId: null }])
    expect(findings).toMatchObject([{ type: 'UNREADABLE', part: 'origins', kind: 'invalid', code: 100 }])
    expect(unread).toEqual(['origins'])
    expect(JSON.parse(world.lines.at(-1) ?? '')).toMatchObject({ level: 40, part: 'origins', code: 100 })
  })
})
