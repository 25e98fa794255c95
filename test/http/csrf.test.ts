import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { upstreamCalls } from './support/probe.ts'
import { request, type Raw } from './support/raw.ts'

let gateway: TestGateway
let before = 0
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())
beforeEach(async () => {
  before = await upstreamCalls(gateway)
})

const read = '{ apps { name } }'
const write = `mutation { createSolution(input: { appId: "637576208107267", name: "Forged", partnerAppId: "21202248997039",
  messaging: OWNER }) { __typename } }`
const form = encodeURIComponent(write)
const json = { 'content-type': 'application/json' }
const csrf = { 'x-mps-csrf': '1' }
const multipart = `--b\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${JSON.stringify({ query: write })}\r\n--b\r\ncontent-disposition: form-data; name="map"\r\n\r\n{"__proto__.polluted":["x"]}\r\n--b--\r\n`

function send(raw: Raw): ReturnType<typeof request> {
  return request(gateway.url, raw)
}

describe('what a page of another site can send by itself is refused and never executed:', () => {
  const simple: [string, number, Raw][] = [
    ['a GET', 403, { path: `/graphql?query=${encodeURIComponent(read)}` }],
    [
      'a GET that asks for a stream',
      403,
      { path: '/graphql?query=subscription{events{__typename}}', headers: { accept: 'text/event-stream' } },
    ],
    ['a HEAD', 403, { method: 'HEAD', path: `/graphql?query=${encodeURIComponent(read)}` }],
    ['a GET with a mutation', 403, { path: `/graphql?query=${form}` }],
    [
      'a form',
      415,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `query=${form}`,
      },
    ],
    [
      'a multipart form',
      415,
      { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: multipart },
    ],
    [
      'plain text',
      415,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ query: write }) },
    ],
    [
      'plain text that calls itself JSON',
      415,
      {
        method: 'POST',
        headers: { 'content-type': 'text/plain; application/json' },
        body: JSON.stringify({ query: write }),
      },
    ],
    ['no content type', 415, { method: 'POST', body: JSON.stringify({ query: write }) }],
    [
      'application/graphql',
      415,
      { method: 'POST', headers: { 'content-type': 'application/graphql' }, body: write },
    ],
    [
      'JSON from a foreign page',
      403,
      {
        method: 'POST',
        headers: { ...json, origin: 'https://evil.example' },
        body: JSON.stringify({ query: write }),
      },
    ],
  ]

  it.each(simple)('%s → %i', async (_, status, raw) => {
    expect((await send(raw)).status).toBe(status)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it.each(simple.filter(([, status]) => status === 415))(
    '%s, though a deliberate header is there',
    async (_, status, raw) => {
      expect((await send({ ...raw, headers: { ...raw.headers, ...csrf } })).status).toBe(status)
      expect(await upstreamCalls(gateway)).toBe(before)
    },
  )

  it('leaves prototypes alone', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('what is deliberate', () => {
  it.each([
    ['x-mps-csrf', '1'],
    ['sec-fetch-site', 'same-origin'],
    ['authorization', 'Bearer whatever'],
  ])('is a GET with %s', async (name, value) => {
    const reply = await send({
      path: `/graphql?query=${encodeURIComponent(read)}`,
      headers: { [name]: value },
    })
    expect(reply.status).toBe(200)
  })

  it.each(['cross-site', 'same-site', 'none'])('is no GET that a browser calls %s', async (site) => {
    const path = `/graphql?query=${encodeURIComponent(read)}`
    expect((await send({ path, headers: { 'sec-fetch-site': site } })).status).toBe(403)
  })

  it('is never a mutation by GET', async () => {
    const reply = await send({
      path: `/graphql?query=${form}`,
      headers: { ...csrf, accept: 'application/json' },
    })
    expect(reply.status).toBe(405)
    expect(await upstreamCalls(gateway)).toBe(before)
  })

  it('is JSON with whatever charset', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    expect(await send({ method: 'POST', headers, body: JSON.stringify({ query: read }) })).toMatchObject({
      status: 200,
    })
  })
})

describe('CORS', () => {
  const origins = ['https://evil.example', 'null', 'https://good.example.evil.example', 'http://127.0.0.1']

  it.each(origins)('promises nothing to %s, nor to its preflight', async (origin) => {
    const asking = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-mps-csrf',
    }
    for (const raw of [
      { method: 'OPTIONS', headers: asking },
      { method: 'OPTIONS', headers: { ...asking, ...csrf } },
      { method: 'POST', headers: { ...json, origin }, body: JSON.stringify({ query: read }) },
      { path: '/graphql?query={__typename}', headers: { ...csrf, origin } },
      { path: '/health/live', headers: { origin } },
    ]) {
      const reply = await send(raw)
      expect(reply.text.toLowerCase()).not.toContain('access-control-allow')
    }
  })

  it('is not what a page of another name of this machine needs, on the same port', async () => {
    const { port } = new URL(gateway.url)
    const body = JSON.stringify({ query: read })
    const from = (origin: string, host: string) =>
      send({ method: 'POST', headers: { ...json, origin, host }, body })
    for (const [one, other] of [
      ['localhost', '127.0.0.1'],
      ['127.0.0.1', 'localhost'],
      ['[::1]', '127.0.0.1'],
    ])
      expect(await from(`http://${one}:${port}`, `${other}:${port}`)).toMatchObject({ status: 200 })
    for (const [origin, host] of [
      ['http://localhost:5173', `127.0.0.1:${port}`],
      [`http://localhost.evil.example:${port}`, `127.0.0.1:${port}`],
      [`http://evil.example:${port}`, `localhost:${port}`],
      ['http://localhost', `127.0.0.1:${port}`],
      [`http://localhost:${port}@evil.example`, `127.0.0.1:${port}`],
      [`http://localhost:${port}`, `evil.example:${port}`],
    ] as const)
      expect(await from(origin, host)).toMatchObject({ status: 403 })
    const { text } = await from('http://localhost:5173', `127.0.0.1:${port}`)
    expect(text).toMatch(/proxy .*`Host`/)
  })

  it('is not what the own page needs', async () => {
    const headers = { ...json, origin: gateway.url }
    const reply = await send({ method: 'POST', headers, body: JSON.stringify({ query: read }) })
    expect(reply.status).toBe(200)
    expect(reply.text.toLowerCase()).not.toContain('access-control-allow')
  })
})

describe('answers', () => {
  it('are never kept by caches between us and the caller', async () => {
    for (const raw of [
      { path: '/graphql?query={__typename}', headers: csrf },
      { path: '/graphql?query={nope}', headers: csrf },
      { path: '/graphql' },
      { path: '/nowhere' },
    ]) {
      const { text } = await send(raw)
      expect(text).toMatch(/cache-control: no-store/i)
      expect(text).toMatch(/x-content-type-options: nosniff/i)
    }
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS'])('to %s run nothing', async (method) => {
    const reply = await send({ method, path: `/graphql?query=${encodeURIComponent(read)}`, headers: csrf })
    expect([400, 404, 405]).toContain(reply.status)
    expect(await upstreamCalls(gateway)).toBe(before)
  })
})
