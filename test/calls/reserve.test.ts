import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway, type Gateway } from '../../src/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

let world: World
let gateway: Gateway
let loseWrites = false
let sent: string[] = []

/** Graph with 96 % of every app's allowance used up. */
const busy = createServer((asked, answer) => {
  const { hostname, port } = new URL(world.gateway.simulator.url)
  sent.push(asked.method ?? '')
  const { method, url: path, headers } = asked
  const passed = request({ hostname, port, path, method, headers }, (given) => {
    if (loseWrites && method === 'POST') return void answer.destroy()
    const usage = JSON.stringify({ call_count: 96 })
    answer.writeHead(given.statusCode ?? 500, { ...given.headers, 'x-app-usage': usage })
    given.pipe(answer)
  })
  asked.pipe(passed)
})

beforeAll(async () => {
  world = await startWorld({ solutions: 2 })
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  const graphUrl = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`
  gateway = await startGateway({ ...world.gateway.config, port: 0, graphUrl, databaseUrl: 'file::memory:' })
})

afterAll(async () => {
  await gateway.close()
  busy.closeAllConnections()
  await new Promise((resolve) => busy.close(resolve))
  await world[Symbol.asyncDispose]()
})

const list = (first: number) =>
  graphql(
    gateway.url,
    `{ app(id: "${luckyShrub}") { solutions(first: ${first}) { edges { node { name } } } } }`,
  )

beforeEach(async () => {
  loseWrites = false
  await list(1)
  sent = []
})

const create = async (name: string) => {
  const { data } = await graphql(
    gateway.url,
    `mutation { createSolution(input: {appId: "${luckyShrub}", partnerAppId: "${socialOverdrive}", name: "${name}", messaging: PARTNER}) { __typename ... on Problem { code } ... on CreateSolutionPayload { solution { name } } } }`,
  )
  return data?.['createSolution']
}

describe('while what remains of the allowance is kept for changes', () => {
  it('a query is refused', async () => {
    expect((await list(2)).errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }])
    expect(sent).toEqual([])
  })

  it('a mutation looks, is sent, and is read back', async () => {
    expect(await create('Kept for me')).toMatchObject({ solution: { name: 'Kept for me' } })
    expect(sent).toEqual(['GET', 'POST', 'GET'])
  })

  it('a mutation whose reply is lost is looked up', async () => {
    loseWrites = true
    expect(await create('Lost and found')).toMatchObject({ solution: { name: 'Lost and found' } })
    expect(sent.slice(0, 3)).toEqual(['GET', 'POST', 'GET'])
  })

  it('the cost that is told holds no more than before', async () => {
    const { extensions } = (await graphql(
      gateway.url,
      `
        mutation {
          acceptSolution(input: { solutionId: "1" }) {
            __typename
          }
        }
      `,
    )) as { extensions?: { graph: object } }
    expect(Object.keys(extensions?.graph ?? {}).toSorted()).toEqual(['cached', 'requests', 'units'])
  })
})
