import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { bearer, post, upstreamCalls } from './support/probe.ts'
import { request } from './support/raw.ts'
import { openWire, upgradeStatus } from './support/socket.ts'

const apiKey = 'the-right-key-0123456789'
const apps = '{ apps { appId } }'
const sse = { accept: 'text/event-stream' }
const wrong = [
  ['none', undefined],
  ['a wrong one', 'Bearer the-wrong-key-0123456789'],
  ['the beginning of it', 'Bearer the-right-key-012345678'],
  ['it with something behind', `Bearer ${apiKey}x`],
  ['it with a word behind', `Bearer ${apiKey} more`],
  ['no scheme', apiKey],
  ['another scheme', `Basic ${apiKey}`],
  ['an empty one', 'Bearer '],
] as const

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

let gateway: TestGateway

describe('with an API key', () => {
  beforeAll(async () => {
    gateway = await startTestGateway({ apiKey })
  })
  afterAll(() => gateway.close())

  const sseClient = (headers: Record<string, string>) =>
    createSse({ url: `${gateway.url}/graphql`, retryAttempts: 0, headers })
  const wsClient = (connectionParams: Record<string, string>) =>
    createWs({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams,
    })

  it.each(wrong)('HTTP and SSE are refused to who sends %s', async (_, authorization) => {
    const before = await upstreamCalls(gateway)
    const headers = authorization === undefined ? {} : { authorization }
    for (const accept of ['application/json', 'text/event-stream']) {
      const reply = await post(gateway.url, '{ apps { name } }', { ...headers, accept })
      expect(reply).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    }
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it.each(wrong)('a socket is closed with 4403 to who sends %s', async (_, authorization) => {
    const wire = await openWire(gateway.url)
    wire.send({ type: 'connection_init', ...(authorization !== undefined && { payload: { authorization } }) })
    expect(await wire.closed).toMatchObject({ code: 4403 })
  })

  it('says which scheme it wants', async () => {
    const response = await fetch(`${gateway.url}/graphql?query={__typename}`, {
      headers: { 'x-mps-csrf': '1' },
    })
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
  })

  it('HTTP and SSE are open to who sends it', async () => {
    expect(await post(gateway.url, apps, bearer(apiKey))).toMatchObject({ status: 200, errors: [] })
    expect(await post(gateway.url, apps, { ...bearer(apiKey), ...sse })).toMatchObject({
      status: 200,
      errors: [],
    })
    const results = sseClient(bearer(apiKey)).iterate({ query: apps })
    expect((await results.next()).value).toMatchObject({ data: { apps: [{}, {}] } })
  })

  it.each(['authorization', 'Authorization'])(
    'a socket is open to who sends it as %s of the payload',
    async (name) => {
      const results = wsClient({ [name]: `Bearer ${apiKey}` }).iterate({ query: apps })
      expect((await results.next()).value).toMatchObject({ data: { apps: [{}, {}] } })
    },
  )

  it('a socket is open to who sends it with the upgrade', async () => {
    const wire = await openWire(gateway.url, { headers: bearer(apiKey) })
    wire.send({ type: 'connection_init' })
    expect(await wire.inbox.next()).toEqual({ type: 'connection_ack' })
    wire.socket.close()
  })

  it('health is for everybody, metrics are not', async () => {
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
    expect(await (await fetch(`${gateway.url}/health/ready`)).json()).toEqual({ status: 'ready' })
    expect((await fetch(`${gateway.url}/metrics`)).status).toBe(401)
    expect((await fetch(`${gateway.url}/metrics`, { headers: bearer('wrong-key-0123456789') })).status).toBe(
      401,
    )
    expect((await fetch(`${gateway.url}/metrics`, { headers: bearer(apiKey) })).status).toBe(200)
  })

  it('any Host will do, since the key says who calls', async () => {
    const headers = { host: 'gateway.example', 'content-type': 'application/json', ...bearer(apiKey) }
    const body = JSON.stringify({ query: apps })
    expect(await request(gateway.url, { method: 'POST', headers, body })).toMatchObject({ status: 200 })
  })
})

describe('without an API key', () => {
  beforeAll(async () => {
    gateway = await startTestGateway()
  })
  afterAll(() => gateway.close())
  const body = JSON.stringify({ query: '{ apps { name } }' })
  const json = { 'content-type': 'application/json' }

  it.each(['127.0.0.1', 'localhost:4000', 'LOCALHOST', '[::1]:80', '127.8.9.1:1'])(
    'a request to %s is served',
    async (host) => {
      const reply = await request(gateway.url, { method: 'POST', headers: { ...json, host }, body })
      expect(reply.status).toBe(200)
    },
  )

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:4000',
    'localhost@evil.example',
    '10.0.0.1',
    '[::ffff:127.0.0.1]',
    '',
  ])('a request to "%s" is refused, as its name may have been rebound', async (host) => {
    const before = await upstreamCalls(gateway)
    const headers = { ...json, host }
    for (const raw of [
      { method: 'POST', headers, body },
      { path: '/graphql?query={apps{name}}', headers: { host, 'x-mps-csrf': '1' } },
      { path: '/graphql', headers: { host, accept: 'text/html' } },
      { path: '/metrics', headers: { host } },
    ])
      expect((await request(gateway.url, raw)).status).toBe(403)
    const { status } = await request(gateway.url, { headers: { ...upgrade, host } })
    expect(status).toBe(403)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'file://', 'http://localhost.evil.example'])(
    'a page of %s is refused on POST, GET and upgrade',
    async (origin) => {
      const before = await upstreamCalls(gateway)
      const headers = { ...json, origin, 'x-mps-csrf': '1' }
      expect((await request(gateway.url, { method: 'POST', headers, body })).status).toBe(403)
      const path = '/graphql?query={apps{name}}'
      expect((await request(gateway.url, { path, headers: { origin, 'x-mps-csrf': '1' } })).status).toBe(403)
      expect(await upgradeStatus(gateway.url, { headers: { origin } })).toBe(403)
      expect(await upstreamCalls(gateway)).toBe(before)
    },
  )

  it("the gateway's own page is served", async () => {
    const headers = { ...json, origin: gateway.url }
    expect((await request(gateway.url, { method: 'POST', headers, body })).status).toBe(200)
    expect(await upgradeStatus(gateway.url, { headers: { origin: gateway.url } })).toBe(101)
  })
})
