import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { upstreamCalls } from './support/probe.ts'
import { exchange, readToEnd, request, say, statusOf } from './support/raw.ts'

let gateway: TestGateway
let before = 0
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())
beforeEach(async () => {
  before = await upstreamCalls(gateway)
})

const json = { 'content-type': 'application/json' }
const query = JSON.stringify({ query: '{ apps { name } }' })
const post = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n'
const errorIn = (text: string): unknown =>
  (JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as { errors: unknown[] }).errors[0]

describe('a body', () => {
  it('may have 100 KB and no more', async () => {
    const bodyOf = (size: number): string =>
      `{"query":"{__typename}","extensions":{"x":"${'x'.repeat(size - 45)}"}}`
    const send = (size: number) => request(gateway.url, { method: 'POST', headers: json, body: bodyOf(size) })
    expect(await send(99_000)).toMatchObject({ status: 200 })
    const refused = await send(101_000)
    expect(refused.status).toBe(413)
    expect(errorIn(refused.text)).toMatchObject({ extensions: { code: 'REQUEST_ENTITY_TOO_LARGE' } })
  })

  it('is cut off when it goes on for ever, in chunks that say no length', async () => {
    const socket = await say(gateway.url, `${post}Transfer-Encoding: chunked\r\n\r\n`)
    const answer = readToEnd(socket)
    while (!socket.destroyed) {
      const isTaken = socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`)
      if (!isTaken) await Promise.race([once(socket, 'drain'), answer]).catch(() => undefined)
      else await new Promise((resolve) => setImmediate(resolve))
    }
    expect([0, 413]).toContain(statusOf(await answer))
    expect((await fetch(`${gateway.url}/health/live`)).status).toBe(200)
  })

  it.each(['gzip', 'br', 'identity'])('is never inflated: content-encoding %s', async (encoding) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { ...json, 'content-encoding': encoding },
      body: gzipSync(query),
    })
    expect(response.status).toBe(415)
  })

  it.each([
    ['an array', '[{"query":"{apps{name}}"},{"query":"{apps{name}}"}]'],
    ['no JSON', '{"query":'],
    ['a string', '"{apps{name}}"'],
    ['null', 'null'],
    ['nothing', ''],
    ['an object without a query', '{"variables":{}}'],
    ['a query that is a number', '{"query":5}'],
    ['variables that are a list', '{"query":"{apps{name}}","variables":[]}'],
    ['bytes that are no text', '\u0000\u0001'],
    ['JSON as deep as it gets', `{"query":"{__typename}","variables":{"a":${'['.repeat(40_000)}`],
  ])('that is %s is refused with a code, and without its own text', async (_, body) => {
    const { status, text } = await request(gateway.url, { method: 'POST', headers: json, body })
    expect(status).toBe(400)
    expect(errorIn(text)).toMatchObject({ extensions: { code: expect.any(String) as string } })
    expect(text).not.toMatch(/\n\s+at |node_modules|originalError|Unexpected token/)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it('may name a prototype without touching it', async () => {
    const body =
      '{"query":"{__typename}","variables":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}'
    expect((await request(gateway.url, { method: 'POST', headers: json, body })).status).toBe(200)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('a path', () => {
  it.each([
    '/graphql/',
    '/graphql/../graphql',
    '/graphql/../x',
    '/x/../graphql',
    '//graphql',
    '/%67raphql',
    '/%2e%2e/graphql',
    '/./graphql',
    '/graphql;x=1',
    '/GRAPHQL',
    '/webhooks/../graphql',
    '/webhooks/x',
    '/webhooks/123456789012345678901',
    '/health',
    '/health/ready/',
    '/metrics/',
    '/graphiql/../../package.json',
    '/graphiql/%2e%2e/%2e%2e/package.json',
    '/__sim/state',
    'http://127.0.0.1/graphql',
    '*',
  ])('%s leads nowhere', async (path) => {
    for (const raw of [
      { path, headers: { 'x-mps-csrf': '1' } },
      { method: 'POST', path, headers: json, body: query },
    ])
      expect((await request(gateway.url, raw)).status).toBe(404)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it.each(['//', '/graphql/../graphql', '/', '/graphqlx', 'http://[', '//graphql'])(
    '%s is no place for a socket, and no reason to die',
    async (path) => {
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      }
      expect((await request(gateway.url, { path, headers })).status).toBe(404)
    },
  )
})

describe('a request', () => {
  it('with 17 KB of headers is refused with 431', async () => {
    const headers = { 'x-long': 'x'.repeat(17 * 1024) }
    expect((await request(gateway.url, { headers })).status).toBe(431)
  })

  it.each([
    [
      'two ways of saying its length',
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['two lengths', `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`],
    ['a length that is no number', `${post}Content-Length: 5, 5\r\n\r\nhello`],
    [
      'a transfer encoding that ends in another',
      `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ],
    ['a folded header', `GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Fold: a\r\n b\r\n\r\n`],
    ['a header name with a space', `GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX Y: a\r\n\r\n`],
    ['no Host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n'],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a chunk of a false size', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`],
  ])('with %s is answered 400, and its connection ends', async (_, bytes) => {
    const smuggled = 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
    const answer = await exchange(gateway.url, bytes + smuggled)
    expect(statusOf(answer)).toBe(400)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it('that offers HTTP/2 is answered as it is', async () => {
    const headers = {
      connection: 'Upgrade, HTTP2-Settings, close',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABk',
    }
    expect((await request(gateway.url, { path: '/health/live', headers })).status).toBe(200)
  })
})
