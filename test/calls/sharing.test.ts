import { describe, expect, it } from 'vitest'
import { graphql } from '../support/graphql.ts'
import { luckyShrub, startWorld, type World } from './support/world.ts'

const list = `{ app(id: "${luckyShrub}") { solutions(first: 50) { edges { node { name } } } } }`
const slow = { path: 'whatsapp_business_solutions', kind: 'latency', ms: 300 }

/** Waits until Graph has been asked this often. */
async function asked(world: World, times: number): Promise<void> {
  await expect.poll(async () => (await world.simulator.requests()).total, { interval: 5 }).toBe(times)
}

const count = (data: unknown): number => (JSON.stringify(data).match(/"name"/g) ?? []).length

describe('equal reads at one time', () => {
  it('of many callers cost one', async () => {
    await using world = await startWorld({ wabas: 1 })
    await world.simulator.forgetRequests()
    await world.simulator.faults({ ...slow, times: 1 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => graphql(world.gateway.url, list)))
    expect(answers.map(({ data }) => count(data))).toEqual(Array.from({ length: 20 }, () => 50))
    expect((await world.simulator.requests()).total).toBe(1)
  })

  it('are not shared with who asks after an event, and the late answer is not kept', async () => {
    await using world = await startWorld({ wabas: 1 })
    await world.simulator.forgetRequests()
    await world.simulator.faults({ ...slow, times: 1 })
    const first = graphql(world.gateway.url, list)
    await asked(world, 1)
    await world.tell('partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: world.solutionIds[3] })
    const second = await graphql(world.gateway.url, list)
    expect(count(second.data)).toBe(50)
    expect((await world.simulator.requests()).total).toBe(2)
    expect(count((await first).data)).toBe(50)
    expect((await world.run(list)).total).toBe(0)
  })
})

describe('an answer', () => {
  it('may be kept by nobody between the gateway and the client', async () => {
    await using world = await startWorld({ wabas: 1 })
    const response = await fetch(`${world.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: list }),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('says what it has cost, also when Graph failed, and nothing when Graph had no part in it', async () => {
    await using world = await startWorld({ wabas: 1 })
    await world.simulator.faults({ path: 'whatsapp_business_solutions', kind: 'error', code: 10, times: 1 })
    const failed = await world.run(list)
    expect(failed.errors).toHaveLength(1)
    expect(failed.extensions.graph).toEqual({ requests: 1, units: 1, cached: 0 })
    expect((await world.run(list)).extensions.graph).toEqual({ requests: 1, units: 1, cached: 0 })
    expect((await world.run(list)).extensions.graph).toEqual({ requests: 0, units: 0, cached: 1 })
    expect((await world.run('{ apps { appId } }')).extensions).toBeUndefined()
  })

  it('of a mutation counts what it wrote and read', async () => {
    await using world = await startWorld({ wabas: 1 })
    const input = `input: { solutionId: "${world.solutionIds[0]}", appId: "637576208107267" }`
    const { extensions, total, units } = await world.run(
      `mutation { requestSolutionDeactivation(${input}) { __typename } }`,
    )
    expect(extensions.graph).toEqual({ requests: total, units, cached: 0 })
    expect(total).toBeGreaterThan(1)
  })
})
