import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNames } from '../../src/http/request-names.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'
import { injectFaults } from './support/probe.ts'
import { request, say, type Raw } from './support/raw.ts'
import { openKnownWire } from './support/socket.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const fieldsOf = (headers: Readonly<Record<string, string>>) => readNames({ headers }).fields

describe('a request', () => {
  it.each([
    'a',
    '7f3c9c4e8a6f4b0e9f0e7a4b5c6d7e8f',
    '1-67891233-abcdef012345678912345678',
    'Root=1;'.slice(0, 6),
  ])('goes by the name %s that it came with', (name) =>
    expect(fieldsOf({ 'x-request-id': name }).requestId).toBe(name),
  )

  it('gets a short name of its own, of characters that do nothing, whatever it came with', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (name) => {
        const { requestId } = fieldsOf({ 'x-request-id': name })
        expect(requestId).toMatch(/^[\w.:/+=@-]{1,100}$/)
      }),
    )
    expect(fieldsOf({}).requestId).not.toBe(fieldsOf({}).requestId)
  })

  it.each([
    traceparent,
    `00-${traceId}-00f067aa0ba902b7-00`,
    `cc-${traceId}-00f067aa0ba902b7-01-what-the-future-will-be-like`,
  ])('belongs to the trace of %s', (header) =>
    expect(fieldsOf({ traceparent: header }).traceId).toBe(traceId),
  )

  it.each([
    '',
    'hello',
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-00f067aa0ba902b7-01-more`,
    `${traceparent}\n`,
    `${traceparent}, ${traceparent}`,
  ])('belongs to no trace by "%s"', (header) =>
    expect(fieldsOf({ traceparent: header })).not.toHaveProperty('traceId'),
  )
})

describe('each answer', () => {
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway({ logLevel: 'debug' })
  })
  afterAll(() => gateway.close())
  const json = { 'content-type': 'application/json' }
  const body = '{"query":"{ apps { name } }"}'
  const named = { 'x-request-id': 'the-name', traceparent }
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const lines = (): Record<string, unknown>[] =>
    gateway.logLines.map((line) => JSON.parse(line) as Record<string, unknown>)

  it.each<[string, Raw]>([
    ['a query', { method: 'POST', headers: json, body }],
    ['a query that is no JSON', { method: 'POST', headers: json, body: '{' }],
    ['a query of another type', { method: 'POST', body }],
    [
      'a page of another site',
      { method: 'POST', headers: { ...json, origin: 'https://evil.example' }, body },
    ],
    ['nothing that is there', { path: '/nowhere' }],
    ['health', { path: '/health/ready' }],
    ['the page', { headers: { accept: 'text/html' } }],
    [
      'a webhook that is not signed',
      { method: 'POST', path: '/webhooks/637576208107267', headers: json, body: '{}' },
    ],
    [
      'a document of no type',
      { method: 'POST', path: '/documents', headers: { 'x-mps-csrf': '1' }, body: 'text' },
    ],
    ['a socket that is not opened', { path: '/nowhere', headers: upgrade }],
  ])('to %s has the names that came, or one that was made', async (_, raw) => {
    const withNames = await request(gateway.url, { ...raw, headers: { ...raw.headers, ...named } })
    expect(withNames.text).toMatch(/^x-request-id: the-name\r$/im)
    expect(withNames.text.toLowerCase()).toContain(`\r\ntraceparent: ${traceparent}\r\n`)
    const { text } = await request(gateway.url, raw)
    expect(text).toMatch(/^x-request-id: [\da-f-]{36}\r$/im)
    expect(text).not.toMatch(/^traceparent/im)
  })

  it('that opens a stream or a socket has them as well', async () => {
    const query = '{"query":"subscription { events { __typename } }"}'
    const ask = (path: string, headers: Record<string, string>, content = ''): string =>
      [
        `${content === '' ? 'GET' : 'POST'} ${path} HTTP/1.1`,
        'host: 127.0.0.1',
        ...Object.entries({ ...named, ...headers }).map(([name, value]) => `${name}: ${value}`),
        ...(content === '' ? [] : [`content-length: ${content.length}`]),
        `\r\n${content}`,
      ].join('\r\n')
    for (const asked of [
      ask('/graphql', { ...json, accept: 'text/event-stream' }, query),
      ask('/graphql', { ...upgrade, 'sec-websocket-protocol': 'graphql-transport-ws' }),
    ]) {
      const socket = await say(gateway.url, asked)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      expect(String(answer)).toMatch(/^x-request-id: the-name\r$/im)
      expect(String(answer)).toMatch(/^traceparent: 00-4bf9.*\r$/im)
      socket.destroy()
    }
  })

  it('can be found in the log by its names, whatever else goes on at the same time', async () => {
    await injectFaults(gateway, { kind: 'error', path: '/', status: 400, code: 190 })
    const names = Array.from({ length: 10 }, (_, n) => `request-${n}`)
    await Promise.all(
      names.map((name, n) =>
        request(gateway.url, {
          method: 'POST',
          headers: { ...json, 'x-request-id': name, ...(n === 0 && { traceparent }) },
          body: JSON.stringify({ query: `{ solution(id: "10${n}") { name } }` }),
        }),
      ),
    )
    const wire = await openKnownWire(gateway.url, undefined, { headers: { 'x-request-id': 'a-socket' } })
    wire.subscribe('1', '{ solution(id: "110") { name } }')
    await wire.inbox.next(({ id, type }) => id === '1' && type === 'complete')
    wire.socket.terminate()
    await injectFaults(gateway)
    const failed = lines().filter(({ msg }) => msg === 'a call to Graph failed')
    expect(failed.every(({ requestId }) => typeof requestId === 'string')).toBe(true)
    for (const name of [...names, 'a-socket'])
      expect(failed.filter(({ requestId }) => requestId === name)).not.toEqual([])
    expect(failed.find(({ requestId }) => requestId === 'request-0')).toMatchObject({ traceId })
    expect(failed.find(({ requestId }) => requestId === 'request-1')).not.toHaveProperty('traceId')
  })

  it('is no way to write into the log', async () => {
    const before = gateway.logLines.length
    const headers = { ...json, 'x-request-id': 'a","level":60,"msg":"forged', traceparent: '{"forged":1}' }
    await request(gateway.url, { method: 'POST', path: '/webhooks/637576208107267', headers, body: '{}' })
    await until(() => gateway.logLines.length > before)
    expect(gateway.logLines.slice(before).join('')).not.toContain('forged')
  })
})
