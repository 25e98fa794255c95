import { describe, expect, it } from 'vitest'
import { interrupted, startWorld, type Caller } from './world.ts'

/** Graph, with a customer coming after so many pages of the list of accounts. */
function withArrivals(graph: Caller, pages: number, arrive: () => Promise<unknown>): Caller {
  let left = pages
  const isPage = (path: readonly string[]) => path.includes('client_whatsapp_business_accounts') && left-- > 0
  return interrupted(graph, isPage, arrive)
}

async function worldOf150() {
  const world = await startWorld({ solutions: 1, wabas: 150 })
  await world.loseWebhooks()
  const [solution] = world.simulator.state().solutions
  const arrive = () => world.control.onboard(solution?.id ?? '')
  return { world, arrive }
}
const quietly = { subscribedAppsEveryMs: Infinity }

describe('a comparison whose list changes while it is read', () => {
  it('begins it again, and finds who came meanwhile', async () => {
    const { world, arrive } = await worldOf150()
    await world.watch(quietly)
    const { events, findings } = await world.look({
      ...quietly,
      graph: withArrivals(world.graph, 2, arrive),
    })
    const { accounts } = world.simulator.state()
    expect(events.map(({ wabaId }) => wabaId)).toEqual(accounts.slice(150).map(({ id }) => id))
    expect(events).toHaveLength(2)
    expect(findings.filter(({ type }) => type === 'UNREADABLE')).toEqual([])
  })

  it('is no proof that somebody has gone, when it changes each time', async () => {
    const { world, arrive } = await worldOf150()
    const churning = withArrivals(world.graph, Infinity, arrive)
    const calm = await world.watch(quietly)
    expect((await calm.runNow()).events).toEqual([])
    const { waba_id: gone } = await arrive()
    await calm.runNow()
    await world.control.play('unshare', { waba_id: gone })
    const { events, findings } = await world.look({ ...quietly, graph: churning })
    expect(events.filter(({ kind }) => kind === 'CLIENT_WABA_REMOVED')).toEqual([])
    expect(findings).toContainEqual({
      type: 'UNREADABLE',
      appId: world.lucky.appId,
      part: 'accounts',
      kind: 'unavailable',
      code: null,
    })
    const removed = (await calm.runNow()).events.filter(({ kind }) => kind === 'CLIENT_WABA_REMOVED')
    expect(removed).toMatchObject([{ wabaId: gone }])
  })
})
