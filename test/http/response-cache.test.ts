import type { IncomingMessage } from 'node:http'
import { parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../src/access/authenticate.ts'
import type { AppConfig } from '../../src/config/config.ts'
import { ResponseCache } from '../../src/http/graphql/response-cache.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from '../calls/support/world.ts'
import { watchBySse } from '../support/clients.ts'
import { startTestGateway } from '../support/gateway.ts'
import { readToEnd, say } from './support/raw.ts'

const appOf = (appId: string): AppConfig => ({
  appId,
  appSecrets: ['secret'],
  systemToken: 'token',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
})
const operator: Actor = { kind: 'OPERATOR', apps: [appOf('1'), appOf('2')] }
const body = Buffer.from('{"query":"{ apps { name } }"}')
const requestTo = (url = '/graphql', accept?: string): IncomingMessage =>
  ({ url, headers: { accept } }) as IncomingMessage

function cacheAt(bounds = { entries: 100, bytes: 100_000 }) {
  const world = { evicted: 0, now: 0 }
  const cache = new ResponseCache(
    () => world.evicted,
    () => world.now,
    bounds,
  )
  const ask = (actor = operator, request = requestTo(), asked = body) =>
    cache.find(cache.slot(actor, request, asked))?.bytes.toString()
  const store = (text: string, asked = body) =>
    cache.store({ ...cache.slot(operator, requestTo(), asked), isFromMemory: true }, 'application/json', text)
  return { world, cache, ask, store }
}

describe('an answer that memory alone has given', () => {
  it('is given again to the same caller, who asks the same', () => {
    const { ask, store } = cacheAt()
    expect(ask()).toBeUndefined()
    store('A')
    expect(ask()).toBe('A')
  })

  it('is given to nobody else, and to no other request', () => {
    const { ask, store } = cacheAt()
    store('A')
    expect(ask({ ...operator, kind: 'LOCAL' })).toBeUndefined()
    expect(ask({ ...operator, apps: [appOf('1')] })).toBeUndefined()
    expect(ask({ ...operator, apps: [appOf('1,2')] })).toBeUndefined()
    expect(ask(operator, requestTo('/graphql?'))).toBeUndefined()
    expect(ask(operator, requestTo('/graphql', 'application/graphql-response+json'))).toBeUndefined()
    expect(ask(operator, requestTo(), Buffer.from(`${String(body)} `))).toBeUndefined()
  })

  it('tells bytes apart that are no text', () => {
    const { ask, store } = cacheAt()
    store('A', Buffer.from([0xff]))
    expect(ask(operator, requestTo(), Buffer.from([0xfe]))).toBeUndefined()
    expect(ask(operator, requestTo(), Buffer.from([0xff]))).toBe('A')
  })

  it('is made anew after a second', () => {
    const { world, ask, store } = cacheAt()
    store('A')
    world.now = 999
    expect(ask()).toBe('A')
    world.now = 1_000
    expect(ask()).toBeUndefined()
  })

  it('is gone with the first eviction, whatever it was of', () => {
    const { world, cache, ask, store } = cacheAt()
    store('A')
    world.evicted = 1
    expect(ask()).toBeUndefined()
    expect(cache.size).toEqual({ entries: 0, bytes: 0 })
  })

  it('is not kept when something was evicted since it was asked for', () => {
    const { world, cache, ask } = cacheAt()
    const slot = { ...cache.slot(operator, requestTo(), body), isFromMemory: true }
    world.evicted = 1
    cache.store(slot, 'application/json', 'A')
    expect(ask()).toBeUndefined()
  })

  it('is not kept when it is very long, and all of them have no more room than they are given', () => {
    const { cache, ask, store } = cacheAt({ entries: 5, bytes: 10_000 })
    store('x'.repeat(300_000))
    expect(ask()).toBeUndefined()
    for (let asked = 0; asked < 50; asked++) store('x'.repeat(2_000), Buffer.from(String(asked)))
    expect(cache.size.bytes).toBeLessThanOrEqual(10_000)
    expect(cache.size.entries).toBeLessThanOrEqual(5)
    expect(ask(operator, requestTo(), Buffer.from('49'))).toBeDefined()
  })
})

/** How many whole answers the gateway holds. */
async function held(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^mps_memory_entries\{kind="answers"\} (\d+)$/m.exec(text)?.[1])
}

const headers = { 'content-type': 'application/json' }
const post = (url: string, query: string, more = {}): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body: JSON.stringify({ query }),
  })

const statusOf = (id: string): string => `{ solution(id: "${id}") { status } }`

/** Asked until the answer is one that is given again. */
async function warm(world: World, query: string): Promise<void> {
  for (let time = 0; time < 3; time++) await post(world.gateway.url, query)
  expect(await held(world.gateway.url)).toBeGreaterThan(0)
}

const small = { solutions: 2, wabas: 1 }

describe('the gateway', () => {
  it('gives an answer again as it was, with what it says of its cost', async () => {
    await using world = await startWorld(small)
    const { url } = world.gateway
    const query = statusOf(world.solutionIds[0] ?? '')
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const ask = async () => {
        const response = await post(url, query, { accept })
        const { date: _, 'x-request-id': _id, ...others } = Object.fromEntries(response.headers)
        return { status: response.status, headers: others, text: await response.text() }
      }
      await ask()
      const made = await ask()
      const before = await held(url)
      expect(before).toBeGreaterThan(0)
      expect(await ask()).toEqual(made)
      expect(await held(url)).toBe(before)
      expect(made.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      expect(made.headers['content-type']).toContain(accept)
      expect(JSON.parse(made.text)).toMatchObject({
        extensions: { graph: { requests: 0, units: 0, cached: 1 } },
      })
    }
  })

  it.each([
    ['what Graph had to be asked', (id: string) => statusOf(id)],
    ['how webhooks come in', () => `{ app(id: "${luckyShrub}") { webhookHealth { receivedLastHour } } }`],
    ['events', () => '{ events(first: 1) { edges { cursor } } }'],
    ['an error', () => '{ solution(id: "no id") { name } }'],
    ['an error beside data', () => '{ apps { appId } solution(id: "no id") { name } }'],
    [
      'a mutation',
      () =>
        'mutation { createSolution(input: { name: "", appId: "1", partnerAppId: "2", messaging: OWNER }) { __typename } }',
    ],
  ])('keeps no answer with %s', async (what, query) => {
    await using world = await startWorld(small)
    const id = world.solutionIds[0] ?? ''
    for (let time = 0; time < (what.startsWith('what') ? 1 : 3); time++)
      await post(world.gateway.url, query(id))
    expect(await held(world.gateway.url)).toBe(0)
  })

  it('shows what a webhook tells of, as soon as it is answered', async () => {
    await using world = await startWorld(small)
    const [id = ''] = world.solutionIds
    await warm(world, statusOf(id))
    await world.requestDeactivation(id)
    await world.tell('partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: id })
    expect(await (await post(world.gateway.url, statusOf(id))).json()).toMatchObject({
      data: { solution: { status: 'PENDING_DEACTIVATION' } },
    })
  })

  it('shows a write of its own, as soon as it is answered', async () => {
    await using world = await startWorld(small)
    const [id = ''] = world.solutionIds
    await warm(world, statusOf(id))
    const input = `input: { solutionId: "${id}", appId: "${socialOverdrive}" }`
    await post(world.gateway.url, `mutation { requestSolutionDeactivation(${input}) { __typename } }`)
    expect(await (await post(world.gateway.url, statusOf(id))).json()).toMatchObject({
      data: { solution: { status: 'PENDING_DEACTIVATION' } },
    })
  })

  it('shows who has just had an event the state after it', async () => {
    await using world = await startWorld(small)
    const [id = ''] = world.solutionIds
    const events = parse(`subscription { events(filter: { solutionId: "${id}" }) { __typename } }`)
    const watch = await watchBySse(world.gateway.url, events, {})
    await warm(world, statusOf(id))
    await world.requestDeactivation(id)
    const told = world.tell('partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: id })
    await watch.inbox.next()
    expect(await (await post(world.gateway.url, statusOf(id))).json()).toMatchObject({
      data: { solution: { status: 'PENDING_DEACTIVATION' } },
    })
    watch.stop()
    await told
  })
})

describe('a request for a kept answer', () => {
  const asked = JSON.stringify({ query: '{ apps { appId } }' })
  const head = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`
  const plain = `${head}Content-Length: ${asked.length}\r\n\r\n${asked}`
  const last = `${head}Connection: close\r\nContent-Length: ${asked.length}\r\n\r\n${asked}`
  const answers = (text: string): number => (text.match(/HTTP\/1\.1 200/g) ?? []).length
  /** What was written before has been read by then. */
  const answered = ({ url }: { readonly url: string }) => fetch(`${url}/health/live`)

  it('leaves the connection to the next one, also when they come together', async () => {
    await using gateway = await startTestGateway()
    const text = await readToEnd(await say(gateway.url, plain + plain + plain, plain, last))
    expect(answers(text)).toBe(5)
    expect(text.match(/"appId":"\d+"/g)).toHaveLength(10)
  })

  it('may come in pieces, in chunks, or after a 100', async () => {
    await using gateway = await startTestGateway()
    await readToEnd(await say(gateway.url, last))
    const socket = await say(gateway.url, last.slice(0, -10))
    const answer = readToEnd(socket)
    await answered(gateway)
    socket.write(last.slice(-10))
    expect(answers(await answer)).toBe(1)
    const chunk = `${asked.length.toString(16)}\r\n${asked}\r\n0\r\n\r\n`
    const chunked = `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`
    expect(answers(await readToEnd(await say(gateway.url, chunked)))).toBe(1)
    const expecting = last.replace('Connection', 'Expect: 100-continue\r\nConnection')
    expect(await readToEnd(await say(gateway.url, expecting))).toMatch(/100 Continue[^]*HTTP\/1\.1 200/)
  })

  it('that breaks off is nothing to write home about', async () => {
    await using gateway = await startTestGateway({ logLevel: 'info' })
    const socket = await say(gateway.url, plain.slice(0, -10))
    const answer = readToEnd(socket)
    await answered(gateway)
    socket.destroy()
    await answer
    expect(answers(await readToEnd(await say(gateway.url, last)))).toBe(1)
    expect(gateway.logLines.filter((line) => line.includes('could not be served'))).toEqual([])
  })
})
