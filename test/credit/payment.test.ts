import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type World } from './support/world.ts'

interface Account {
  readonly name: string
  readonly paymentMethodAttached: boolean | null
}

/** Whether anything pays for each account of a list. */
async function paid(world: World, list = 'clientWabas'): Promise<readonly (boolean | null)[]> {
  const query = `{ app(id: "${luckyShrub}") { ${list} { edges { node { name paymentMethodAttached } } } } }`
  const { app } = (await world.ask(query)) as { app: Record<string, { edges: { node: Account }[] }> }
  return app[list]?.edges.map(({ node }) => node.paymentMethodAttached) ?? []
}

/** How often an account was read by its id. */
async function reads({ simulator }: World): Promise<number> {
  const { byRoute } = await simulator.requests()
  return Object.entries(byRoute)
    .filter(([route]) => route.endsWith('GET /{waba}'))
    .reduce((sum, [, count]) => sum + count, 0)
}

describe('whether a payment method is attached', () => {
  let world: World

  beforeEach(async () => {
    world = await startWorld({ seed: { ownedWabas: 2 } })
  })
  afterEach(() => world.close())

  it('is told of each account by its customer’s token: a line, a card, or nothing', async () => {
    expect(await paid(world)).toEqual([false, false])
    const [first, second] = world.wabas.map(({ wabaId }) => wabaId)
    await world.share({ wabaId: first })
    await world.simulator.play('wabas', { id: second, payment_method: true })
    expect(await paid(world)).toEqual([true, true])
    await world.simulator.play('wabas', { id: second, payment_method: false })
    expect(await paid(world)).toEqual([true, false])
  })

  it('is told of our own accounts by our own token', async () => {
    const own = world.sim.state().accounts.filter(({ name }) => name.startsWith('Lucky Shrub'))
    await world.simulator.play('wabas', { id: own[1]?.id, payment_method: true })
    expect(await paid(world, 'ownedWabas')).toEqual([false, true])
  })

  it('is null where Graph does not take the field of the app, and it is asked for once', async () => {
    await world.simulator.faults({ kind: 'unknownField', path: '^/', field: 'primary_funding_id' })
    await world.simulator.forgetRequests()
    expect(await paid(world)).toEqual([null, null])
    expect(await reads(world)).toBeGreaterThan(0)
    await world.simulator.forgetRequests()
    expect(await paid(world)).toEqual([null, null])
    expect(await reads(world)).toBe(0)
  })

  it('is null where no token of the customer can be had', async () => {
    await world.simulator.faults({ kind: 'error', path: 'access_token', code: 10 })
    expect(await paid(world)).toEqual([null, null])
  })

  it('does not keep credit from being shared where it cannot be told', async () => {
    await world.simulator.faults({ kind: 'unknownField', path: '^/', field: 'primary_funding_id' })
    const shared = await world.share({ wabaId: world.wabas[0]?.wabaId })
    expect(shared).toMatchObject({ __typename: 'ShareCreditLinePayload', verified: null })
  })
})
