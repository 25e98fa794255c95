import { afterEach, describe, expect, it } from 'vitest'
import { socialOverdrive, startWorld, type World } from './support/world.ts'
import { until } from '../support/until.ts'

describe('the rule that onboards what arrives', () => {
  let world: World

  afterEach(() => world.close())

  const subscribed = (wabaId: string): readonly string[] =>
    world.gateway.simulator.state().accounts.find(({ id }) => id === wabaId)?.subscribedApps ?? []
  const actors = async (): Promise<unknown[]> => {
    const { events } = (await world.ask(
      '{ events(last: 50) { edges { node { write { actor action outcome } } } } }',
    )) as { events: { edges: { node: { write: { action: string } | null } }[] } }
    return events.edges.map(({ node }) => node.write).filter((write) => write?.action === 'subscribe_app')
  }

  it('is off unless it is configured', async () => {
    world = await startWorld()
    const { waba_id: wabaId } = await world.arrive()
    await world.ask('{ apps { name } }')
    expect(subscribed(wabaId)).toEqual([])
  })

  it('subscribes each app that was told, once, and signs for it', async () => {
    world = await startWorld({ autoOnboard: { subscribe: true, creditCurrency: null } })
    const { waba_id: wabaId } = await world.arrive()
    await until(() => subscribed(wabaId).length === 2)
    expect(await world.sent('POST', 'subscribed_apps')).toBe(2)
    while ((await actors()).length < 2) await world.ask('{ apps { name } }')
    expect(await actors()).toEqual(
      [1, 2].map(() => ({ actor: 'RULE', action: 'subscribe_app', outcome: 'DONE' })),
    )
  })

  it('tries again what may pass', async () => {
    world = await startWorld({ autoOnboard: { subscribe: true, creditCurrency: null } })
    await world.simulator.faults({
      method: 'GET',
      path: 'subscribed_apps',
      kind: 'error',
      times: 12,
    })
    const { waba_id: wabaId } = await world.arrive()
    await until(() => subscribed(wabaId).length === 2)
    expect(await world.sent('POST', 'subscribed_apps')).toBe(2)
  })

  it('shares credit in the currency that is configured, where there is a line', async () => {
    world = await startWorld({ autoOnboard: { subscribe: true, creditCurrency: 'INR' } })
    const { waba_id: wabaId } = await world.arrive()
    await until(() => world.gateway.simulator.state().attachments.length === 1)
    await until(() => subscribed(wabaId).length === 2)
    expect(await world.sent('POST', 'whatsapp_credit_sharing_and_attach')).toBe(1)
    // The Tech Provider has no line, and waits for nothing.
    const query = `{ clientWaba(id: "${wabaId}") { onboarding(appId: "${socialOverdrive}") { automatic { state } } } }`
    await expect
      .poll(() => world.ask(query))
      .toEqual({ clientWaba: { onboarding: { automatic: { state: 'DONE' } } } })
  })
})
