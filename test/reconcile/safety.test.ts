import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/events/event.ts'
import { soleGuard, type LeaseGuard } from '../../src/reconcile/lease-guard.ts'
import { interrupted, startWorld, webhookEvent, type Caller, type World } from './world.ts'

async function withCustomer(): Promise<{ world: World; solutionId: string; wabaId: string }> {
  const world = await startWorld()
  const solutionId = await world.activeSolution()
  const { waba_id: wabaId } = await world.control.onboard(solutionId)
  await world.told(3)
  return { world, solutionId, wabaId }
}

const emptyList = { kind: 'error', path: '/client_', status: 200, body: { data: [] } }
const absent = { code: 100, subcode: 33 }
const noAccess = (wabaId: string, refusal: object = absent) => ({
  kind: 'error',
  path: `^/${wabaId}$`,
  ...refusal,
})

describe('an account that is gone', () => {
  it.each([
    ['has no such account', absent],
    ['has taken the access to it away', { code: 200 }],
  ])('is one removal, with its owner and solution as they were known, when Graph %s', async (_, refusal) => {
    const { world, solutionId, wabaId } = await withCustomer()
    const reconciliation = await world.watch()
    await world.control.faults(emptyList, noAccess(wabaId, refusal))
    for (const _ of [1, 2]) await reconciliation.runNow()
    const ownerBusinessId = (await world.events())[2]?.ownerBusinessId
    const removal = { kind: 'CLIENT_WABA_REMOVED', wabaId, ownerBusinessId, solutionId }
    expect(await world.reconciled()).toMatchObject([removal])
  })

  it('is an arrival when it comes back, and a removal again when it goes again', async () => {
    const { world, wabaId } = await withCustomer()
    const reconciliation = await world.watch()
    for (const _ of [1, 2]) {
      await world.control.faults(emptyList, noAccess(wabaId))
      await reconciliation.runNow()
      await world.control.faults()
      await reconciliation.runNow()
    }
    const kinds = (await world.reconciled()).map(({ kind }) => kind)
    const [gone, back] = ['CLIENT_WABA_REMOVED', 'CLIENT_WABA_ONBOARDED']
    expect(kinds).toEqual([gone, back, gone, back])
  })

  it('is not gone as long as Graph opens it', async () => {
    const { world } = await withCustomer()
    const reconciliation = await world.watch()
    await world.control.faults(emptyList)
    expect((await reconciliation.runNow()).events).toEqual([])
  })

  it('is not gone while the list cannot be read to its end', async () => {
    const world = await startWorld({ solutions: 1, wabas: 150 })
    const reconciliation = await world.watch({ subscribedAppsEveryMs: Infinity })
    const refused = { kind: 'error', path: '/client_', code: 10, after: 1 }
    await world.control.faults(refused, { kind: 'error', path: '^/[0-9]+$', code: 100, subcode: 33 })
    const { events, findings } = await reconciliation.runNow()
    expect(events).toEqual([])
    expect(findings).toContainEqual({
      type: 'UNREADABLE',
      appId: world.lucky.appId,
      part: 'accounts',
      kind: 'permission',
      code: 10,
    })
  })
})

describe('a webhook that comes during a look', () => {
  const ofEdge = (edge: string) => (path: readonly string[]) => path.includes(edge)

  it('about a status leaves the solution to the next look', async () => {
    const { world, solutionId } = await withCustomer()
    const { log, lucky, social, graph } = world
    await world.watch()
    const asked = webhookEvent(lucky, {
      kind: 'SOLUTION_UPDATED',
      solutionId,
      reportedStatus: 'PENDING_DEACTIVATION',
    })
    const torn = interrupted(graph, ofEdge('whatsapp_business_solutions'), () => log.append([asked]))
    await world.look({ graph: torn })
    expect(await world.reconciled()).toEqual([])
    await world.loseWebhooks()
    await world.act(social, `${solutionId}/send_deactivation_request`)
    await world.look()
    expect(await world.reconciled()).toEqual([])
  })

  it('about a new account or a removed one leaves the account alone', async () => {
    const { world, solutionId, wabaId } = await withCustomer()
    const { log, lucky, graph } = world
    await world.watch()
    await world.loseWebhooks()
    const { waba_id: added } = await world.control.onboard(solutionId)
    const torn = interrupted(graph, ofEdge('client_whatsapp_business_accounts'), () =>
      log.append([
        webhookEvent(lucky, { wabaId: added }),
        webhookEvent(lucky, { wabaId, kind: 'CLIENT_WABA_REMOVED' }),
      ]),
    )
    await world.look({ graph: torn })
    expect(await world.reconciled()).toEqual([])
  })

  it('is heard until the last question is answered', async () => {
    const { world, solutionId } = await withCustomer()
    const { log, lucky, graph } = world
    await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    // Where the account comes from is read last.
    const late = interrupted(graph, ofEdge(wabaId), () => log.append([webhookEvent(lucky, { wabaId })]))
    await world.look({ graph: late })
    expect((await world.events()).map(({ source }) => source)).toEqual(Array(4).fill('WEBHOOK'))
  })
})

describe('two reconcilers', () => {
  it('that found the same at once make one event and one baseline', async () => {
    const world = await startWorld({ solutions: 1, wabas: 120 })
    const { log } = world
    const solutionId = world.simulator.state().solutions[0]?.id ?? ''
    const sole = soleGuard(log)
    const together = (): LeaseGuard => {
      const both = Promise.withResolvers<void>()
      let ready = 0
      const append = async (events: readonly NewEvent[]): Promise<void> => {
        if (++ready === 2) both.resolve()
        await both.promise
        await log.append(events)
      }
      return { withLease: (work) => sole.withLease((lease) => work({ ...lease, append })) }
    }
    const first = together()
    await Promise.all([world.look({}, first), world.look({}, first)])
    expect(await log.head()).toBe(1)
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    const second = together()
    const found = await Promise.all([world.look({}, second), world.look({}, second)])
    expect(found.map(({ events }) => events.length)).toEqual([1, 1])
    expect(await world.events()).toMatchObject([{ wabaId, source: 'RECONCILED' }])
  })

  it('of which one has the lease: the other does not look', async () => {
    const world = await startWorld()
    const away: LeaseGuard = { withLease: async () => null }
    const other = await world.watch({ guard: away })
    await world.control.forgetRequests()
    expect(await other.runNow()).toEqual({ looked: false, events: [], findings: [] })
    expect((await world.control.requests()).total).toBe(0)
  })

  it('of which one loses the lease while it looks: it asks and stores nothing more', async () => {
    const { world, solutionId } = await withCustomer()
    await world.watch()
    await world.loseWebhooks()
    await world.control.onboard(solutionId)
    let calls = 0
    const counting: Caller = {
      call: (...args) => (calls++, world.graph.call(...args)),
      readAll: (...args) => (calls++, world.graph.readAll(...args)),
    }
    const sole = soleGuard(world.log)
    const losing: LeaseGuard = {
      withLease: (work) => sole.withLease((lease) => work({ ...lease, isHeld: () => calls < 3 })),
    }
    await world.watch({ guard: losing, graph: counting })
    expect(calls).toBe(3)
    expect(await world.reconciled()).toEqual([])
  })
})

describe('a crash', () => {
  it('after the events were stored and before anything was remembered repeats nothing', async () => {
    const { world, solutionId } = await withCustomer()
    await world.watch()
    await world.loseWebhooks()
    await world.control.onboard(solutionId)
    const sole = soleGuard(world.log)
    const crashing: LeaseGuard = {
      withLease: (work) =>
        sole.withLease((lease) =>
          work({
            ...lease,
            append: async (events) => {
              await lease.append(events)
              throw new Error('the process ends here')
            },
          }),
        ),
    }
    const crashed = await world.watch({ guard: crashing })
    await crashed.runNow()
    await world.watch()
    expect(await world.reconciled()).toHaveLength(1)
    expect(world.lines.join()).toContain('the process ends here')
  })
})
