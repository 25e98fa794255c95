import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNginx, whyWithoutNginx, type Nginx } from '../support/nginx.ts'
import { startLoneGateway, tellOf, type LoneGateway } from './support/lone-gateway.ts'
import { bearer } from './support/probe.ts'
import { request } from './support/raw.ts'

const key = 'the-right-key-0123456789'

// As many find it on their machine: nothing but where to pass requests on, and everything compressed.
const plain = `
gzip on;
gzip_types *;
gzip_min_length 0;
gzip_proxied any;
upstream plain {
    server gateway-1.internal:4000 max_fails=0;
}
server {
    listen 80;
    location / {
        proxy_pass http://plain;
    }
}
`

describe.skipIf(whyWithoutNginx !== '')(`through nginx as it comes${whyWithoutNginx}`, () => {
  let [gateway, nginx]: [LoneGateway | null, Nginx | null] = [null, null]
  let url = ''
  beforeAll(async () => {
    gateway = await startLoneGateway({ GATEWAY_API_KEY: key })
    nginx = await startNginx([gateway.url], plain)
    url = `${nginx.url}/graphql`
  })
  afterAll(async () => {
    await nginx?.[Symbol.asyncDispose]()
    await gateway?.[Symbol.asyncDispose]()
  })
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip', ...bearer(key) }

  it('a query is answered', async () => {
    const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
  })

  it('a stream brings its first bytes at once, and each event as it comes', async () => {
    const query = 'subscription { events { ... on ClientWabaEvent { wabaId } } }'
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    })
    expect(response.status).toBe(200)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    const readUntil = async (part: string): Promise<void> => {
      while (!text.includes(part)) {
        const { done, value } = await reader.read()
        if (done) throw new Error(`The stream ended after ${text}`)
        text += new TextDecoder().decode(value)
      }
    }
    await readUntil('retry: 2000\n\n')
    for (const id of [1, 2]) {
      await tellOf(gateway?.url ?? '', id, 1)
      await readUntil(`"wabaId":"${id}"`)
    }
    await reader.cancel()
  })
})

describe.skipIf(whyWithoutNginx !== '')(`through nginx as the documents show it${whyWithoutNginx}`, () => {
  it('a page is served that asks where it came from, and no other, whatever both say of themselves', async () => {
    await using gateway = await startLoneGateway({ GATEWAY_API_KEY: key, TRUSTED_PROXIES: '127.0.0.1' })
    await using nginx = await startNginx([gateway.url])
    const statusFor = async (origin: string, host: string): Promise<number> => {
      const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '127.0.0.1' }
      const headers = { 'content-type': 'application/json', ...bearer(key), ...forged, origin, host }
      const { status } = await request(nginx.url, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename }"}',
      })
      return status
    }
    expect(await statusFor('http://gw.example.com', 'gw.example.com')).toBe(200)
    expect(await statusFor('https://GW.example.com', 'gw.example.com:443')).toBe(200)
    expect(await statusFor('https://evil.example', 'gw.example.com')).toBe(403)
  })

  it('requests are named as nginx names them', async () => {
    await using gateway = await startLoneGateway()
    await using nginx = await startNginx([gateway.url])
    const response = await fetch(`${nginx.url}/health/live`, { headers: { 'x-request-id': 'mine' } })
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f]{32}$/)
  })
})
