import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../../src/gateway.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { globalId, luckyShrub, socialOverdrive, startWorld, tellOnboardings } from './support/world.ts'

describe('what the gateway remembers', () => {
  it('of one object is forgotten when a webhook speaks of it, and nothing else is', async () => {
    await using world = await startWorld({ wabas: 1 })
    const [changed = '', other = ''] = world.solutionIds
    const read = (id: string) => world.run(`{ solution(id: "${id}") { name status } }`)
    expect((await read(changed)).total).toBe(1)
    expect((await read(other)).total).toBe(1)
    await world.tell('partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: changed })
    expect((await read(other)).total).toBe(0)
    expect((await read(changed)).total).toBe(1)
    expect((await read(changed)).total).toBe(0)
  })

  it('of a list is forgotten when a row of it changes, and its other rows are still known', async () => {
    await using world = await startWorld({ wabas: 1 })
    const [changed = '', other = ''] = world.solutionIds
    const list = `{ app(id: "${luckyShrub}") { solutions(first: 50) { edges { node { name status } } } } }`
    expect((await world.run(list)).total).toBe(1)
    expect((await world.run(list)).total).toBe(0)
    await world.tell('partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: changed })
    expect((await world.run(`{ solution(id: "${other}") { name } }`)).total).toBe(0)
    expect((await world.run(list)).total).toBe(1)
  })

  it('of a list is forgotten when there may be more rows', async () => {
    await using world = await startWorld({ wabas: 3 })
    const list = `{ app(id: "${luckyShrub}") { clientWabas(first: 50) { edges { node { wabaId } } } } }`
    const count = async () => (JSON.stringify((await world.run(list)).data).match(/wabaId/g) ?? []).length
    expect(await count()).toBe(3)
    await world.simulator.onboard(world.solutionIds[0] ?? '')
    await expect.poll(count).toBe(4)
  })

  it('is asked for only where it is not known yet', async () => {
    await using world = await startWorld({ wabas: 1 })
    const [id = ''] = world.solutionIds
    await world.run(`{ solution(id: "${id}") { name ownerPermissions } }`)
    const more = await world.run(`{ solution(id: "${id}") { name graphStatus ownerPermissions } }`)
    expect(more.total).toBe(1)
    expect(await world.fields()).toBe('status')
  })

  it('of an absent value is that it is absent', async () => {
    await using world = await startWorld({ wabas: 1 })
    const query = `{ clientWaba(id: "${world.wabaIds[0]}") { solutions(first: 5) { edges { cursor } } country } }`
    expect((await world.run(query)).total).toBe(1)
    expect((await world.run(query)).total).toBe(0)
  })

  it('is nothing of what failed', async () => {
    await using world = await startWorld({ wabas: 1 })
    const query = `{ solution(id: "${world.solutionIds[0]}") { name } }`
    const fault = { path: String.raw`^/\d+$`, kind: 'error', code: 10, times: 2 }
    await world.simulator.faults(fault)
    expect((await world.run(query)).errors).toMatchObject([{ extensions: { code: 'NOT_PERMITTED' } }])
    expect((await world.run(query)).errors).toBeUndefined()
  })

  it('is given as far as it goes while Graph cannot be asked for the rest', async () => {
    await using world = await startWorld({ wabas: 1 })
    const id = world.solutionIds[0]
    await world.run(`{ solution(id: "${id}") { name } }`)
    await world.simulator.faults({ path: String.raw`^/\d+$`, kind: 'error', code: 2, times: 100 })
    const { data, errors } = await world.run(`{ solution(id: "${id}") { name graphStatus } }`)
    expect(data).toEqual({ solution: { name: expect.any(String) as string, graphStatus: null } })
    expect(errors).toMatchObject([
      { path: ['solution', 'graphStatus'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ])
  })

  it('is not believed by a mutation, and what it writes is seen at once', async () => {
    await using world = await startWorld({ wabas: 1 })
    const [id = ''] = world.solutionIds
    const query = `{ solution(id: "${id}") { status } app(id: "${luckyShrub}") { solutions(first: 1) { edges { node { status } } } } }`
    await world.run(query)
    const input = `input: { solutionId: "${id}", appId: "${socialOverdrive}" }`
    const mutation = `mutation { requestSolutionDeactivation(${input}) { __typename } }`
    await world.run(mutation)
    expect((await world.run(query)).data).toEqual({
      solution: { status: 'PENDING_DEACTIVATION' },
      app: { solutions: { edges: [{ node: { status: 'PENDING_DEACTIVATION' } }] } },
    })
  })
})

describe('the state that a mutation looks at', () => {
  it('is as Graph has it now, not as it was remembered', async () => {
    await using world = await startWorld({ wabas: 1 })
    const [id = ''] = world.solutionIds
    await world.run(
      `{ app(id: "${socialOverdrive}") { solutions(first: 50) { edges { node { status } } } } }`,
    )
    await world.holdWebhooks()
    await world.requestDeactivation(id)
    const input = `input: { solutionId: "${id}", appId: "${socialOverdrive}" }`
    const { data, byRoute } = await world.run(
      `mutation { requestSolutionDeactivation(${input}) { __typename } }`,
    )
    expect(data).toEqual({ requestSolutionDeactivation: { __typename: 'WrongStateProblem' } })
    expect(Object.keys(byRoute).filter((route) => route.startsWith('POST /{solution}'))).toEqual([])
  })
})

describe('two instances on one PostgreSQL', () => {
  let first: TestGateway
  let second: Awaited<ReturnType<typeof startGateway>>
  let simulator: Control

  beforeAll(async () => {
    first = await startTestGateway({ databaseUrl: await emptyDatabase() })
    second = await startGateway({ ...first.config, port: 0 })
    simulator = controlOf(first.simulator.url)
    await simulator.reset({ solutions: 2 })
  })
  afterAll(async () => {
    await second.close()
    await first.close()
  })

  it('both forget what a webhook to one of them speaks of', async () => {
    const [id = ''] = first.simulator.state().solutions.map((solution) => solution.id)
    const status = async (url: string) => {
      const { data } = await graphql(url, `{ solution(id: "${id}") { status } }`)
      return (data as { solution: { status: string } }).solution.status
    }
    expect([await status(first.url), await status(second.url)]).toEqual(['ACTIVE', 'ACTIVE'])
    const owner = first.simulator.state().apps.find(({ appId }) => appId === socialOverdrive)
    const answer = await fetch(`${first.simulator.url}/v26.0/${id}/send_deactivation_request`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner?.systemToken}` },
    })
    expect(answer.status).toBe(200)
    await expect.poll(() => status(first.url)).toBe('PENDING_DEACTIVATION')
    await expect.poll(() => status(second.url)).toBe('PENDING_DEACTIVATION')
  })

  it('both forget the numbers of an account that one of them has changed', async () => {
    await simulator.reset({ solutions: 1, wabas: 1 })
    await tellOnboardings({ gateway: first, simulator })
    const [account] = first.simulator.state().accounts
    const [number] = account?.phoneNumbers ?? []
    const status = async (url: string) => {
      const id = globalId('PhoneNumber', number?.id ?? '')
      const { data } = await graphql(url, `{ node(id: "${id}") { ... on PhoneNumber { status } } }`)
      return (data as { node: { status: string } }).node.status
    }
    expect([await status(first.url), await status(second.url)]).toEqual(['CONNECTED', 'CONNECTED'])
    const input = `appId: "${luckyShrub}", wabaId: "${account?.id}", phoneNumberId: "${number?.id}"`
    const { data } = await graphql(
      first.url,
      `mutation { deregisterPhoneNumber(input: { ${input} }) { __typename } }`,
    )
    expect(data).toMatchObject({
      deregisterPhoneNumber: { __typename: expect.stringContaining('Payload') as string },
    })
    expect(await status(first.url)).not.toBe('CONNECTED')
    await expect.poll(() => status(second.url)).toBe(await status(first.url))
  })
})
