import { describe, expect, it } from 'vitest'
import { startWorld } from './world.ts'

describe('what no webhook told of', () => {
  it('becomes one event when a customer was onboarded, with its owner and its solution', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId, business_id: ownerBusinessId } = await world.control.onboard(solutionId)
    for (const _ of [1, 2, 3]) await reconciliation.runNow()
    const customer = {
      kind: 'CLIENT_WABA_ONBOARDED',
      wabaId,
      ownerBusinessId,
      solutionId,
      source: 'RECONCILED',
    }
    expect(await world.reconciled()).toMatchObject([customer])
    const { lucky, log } = world
    expect(await log.onboarding({ wabaId }, [lucky.appId])).toMatchObject({ ownerBusinessId, solutionId })
  })

  it('becomes events for both apps when both are ours', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const reconciliation = await world.watch({ apps: [world.lucky, world.social] })
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    expect((await reconciliation.runNow()).events).toHaveLength(2)
    for (const app of [world.lucky, world.social])
      expect(await world.reconciled(app)).toMatchObject([{ appId: app.appId, wabaId }])
  })

  it('becomes an event when a solution was made, and one when its status changed', async () => {
    const world = await startWorld()
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const { lucky, social } = world
    const { solution_id: solutionId = '' } = await world.act(
      social,
      `${social.appId}/whatsapp_business_solution`,
      {
        solution_name: 'Unheard of',
        partner_app_id: lucky.appId,
        owner_permissions: [],
        partner_permissions: ['MESSAGING'],
      },
    )
    await reconciliation.runNow()
    await world.act(lucky, `${solutionId}/accept`)
    await reconciliation.runNow()
    await reconciliation.runNow()
    expect(await world.reconciled()).toMatchObject([
      { kind: 'SOLUTION_CREATED', solutionId, reportedStatus: 'INITIATED' },
      { kind: 'SOLUTION_UPDATED', solutionId, reportedStatus: 'ACTIVE' },
    ])
  })

  it('becomes an event each time when a deactivation is declined, asked for and declined again', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    const { lucky, social } = world
    const reconciliation = await world.watch()
    for (const round of [1, 2]) {
      await world.act(social, `${solutionId}/send_deactivation_request`)
      await world.told(2 + 2 * round - 1)
      await world.act(lucky, `${solutionId}/reject_deactivation_request`)
      await reconciliation.runNow()
      await reconciliation.runNow()
    }
    expect((await world.events()).map(({ source, reportedStatus }) => [source, reportedStatus])).toEqual([
      ['WEBHOOK', 'INITIATED'],
      ['WEBHOOK', 'ACTIVE'],
      ['WEBHOOK', 'PENDING_DEACTIVATION'],
      ['RECONCILED', 'ACTIVE'],
      ['WEBHOOK', 'PENDING_DEACTIVATION'],
      ['RECONCILED', 'ACTIVE'],
    ])
  })

  it('is found by the list of a partner when the whole list cannot be read', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    await world.control.onboard(solutionId)
    await world.told(3)
    const reconciliation = await world.watch()
    await world.loseWebhooks()
    const { waba_id: wabaId } = await world.control.onboard(solutionId)
    // Refused with the subscribed apps' field is tried without, and then asked for by partner.
    await world.control.faults({ kind: 'error', path: '/client_', code: 100, times: 1 })
    await reconciliation.runNow()
    expect(await world.reconciled()).toMatchObject([{ kind: 'CLIENT_WABA_ONBOARDED', wabaId, solutionId }])
  })
})

describe('what the log tells of already', () => {
  it('is no event, however often it is looked at', async () => {
    const world = await startWorld()
    const solutionId = await world.activeSolution()
    await world.control.onboard(solutionId)
    await world.told(3)
    const reconciliation = await world.watch()
    for (const _ of [1, 2]) expect((await reconciliation.runNow()).events).toEqual([])
    expect(await world.reconciled()).toEqual([])
  })

  it('costs three calls a look', async () => {
    const world = await startWorld({ solutions: 100, wabas: 100 })
    const reconciliation = await world.watch({ subscribedAppsEveryMs: Infinity })
    await world.control.forgetRequests()
    await reconciliation.runNow()
    expect((await world.control.requests()).total).toBe(3)
  })
})
