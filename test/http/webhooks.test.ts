import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import { startGateway, type Gateway } from '../../src/gateway.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { bearer, metric, post } from './support/probe.ts'
import { request } from './support/raw.ts'

const apiKey = 'the-key-of-the-gateway'
let gateway: TestGateway
let single: Gateway
beforeAll(async () => {
  gateway = await startTestGateway({ apiKey, logLevel: 'info' })
  const [app] = gateway.config.apps
  single = await startGateway({
    ...gateway.config,
    logLevel: 'silent',
    databaseUrl: 'file::memory:',
    apps: [app],
  })
})
afterAll(async () => {
  await single.close()
  await gateway.close()
})

const bodyOf = (wabaId: string, event = 'ACCOUNT_RECONNECTED'): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: wabaId, time: 1_790_000_000, changes: [{ field: 'account_update', value: { event } }] }],
  })

const sign = (body: string, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

function deliver(url: string, path: string, body: string, signature?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(signature && { 'x-hub-signature-256': signature }),
  }
  return fetch(url + path, { method: 'POST', headers, body })
}

async function stored(wabaId: string): Promise<number> {
  const query = `{ events(filter: { wabaId: "${wabaId}" }) { edges { cursor } } }`
  const { data } = await post(gateway.url, query, bearer(apiKey))
  return (data as { events: { edges: unknown[] } }).events.edges.length
}

const verification = (verifyToken: string): string =>
  `?${new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.verify_token': verifyToken, 'hub.challenge': '1158201444' })}`

describe('the callback of each app', () => {
  it.each([0, 1] as const)('(%i) keeps what is signed, without an API key, once', async (index) => {
    const app = gateway.config.apps[index] as AppConfig
    const body = bodyOf(`10200000000000${index}`)
    for (let times = 0; times < 3; times++)
      expect(
        (await deliver(gateway.url, `/webhooks/${app.appId}`, body, sign(body, app.appSecrets[0]))).status,
      ).toBe(200)
    expect(await stored(`10200000000000${index}`)).toBe(1)
  })

  it('refuses what is signed with the secret of the other', async () => {
    const [one, other] = gateway.config.apps
    const body = bodyOf('102000000000009')
    expect(
      (await deliver(gateway.url, `/webhooks/${one.appId}`, body, sign(body, other.appSecrets[0]))).status,
    ).toBe(401)
    expect(await stored('102000000000009')).toBe(0)
  })

  it.each([
    ['unsigned', () => undefined],
    ['with a wrong secret', (body: string) => sign(body, 'no')],
    ['with an empty secret', (body: string) => sign(body, '')],
    ['of another body', () => sign(`${bodyOf('1')} `, gateway.config.apps[0].appSecrets[0])],
    [
      'with SHA-1',
      (body: string) =>
        `sha1=${createHmac('sha1', gateway.config.apps[0].appSecrets[0]).update(body).digest('hex')}`,
    ],
    ['in capitals', (body: string) => sign(body, gateway.config.apps[0].appSecrets[0]).toUpperCase()],
    ['cut short', (body: string) => sign(body, gateway.config.apps[0].appSecrets[0]).slice(0, -1)],
    ['with more behind', (body: string) => `${sign(body, gateway.config.apps[0].appSecrets[0])}0`],
    ['twice', (body: string) => Array(2).fill(sign(body, gateway.config.apps[0].appSecrets[0])).join(', ')],
  ])('answers 401 to what comes %s, keeps nothing of it, and counts it', async (_, signatureOf) => {
    const [app] = gateway.config.apps
    const body = bodyOf('102000000000010', 'canary_of_a_body')
    const refused = (): Promise<number> =>
      metric(gateway.url, 'mps_webhook_changes_total{result="refused"', bearer(apiKey))
    const before = await refused()
    expect((await deliver(gateway.url, `/webhooks/${app.appId}`, body, signatureOf(body))).status).toBe(401)
    expect(await refused()).toBe(before + 1)
    expect(await stored('102000000000010')).toBe(0)
    expect(gateway.logLines.join('')).toContain('a webhook was refused')
    expect(gateway.logLines.join('')).not.toContain('canary_of_a_body')
  })

  it.each([0, 1] as const)('(%i) proves itself to who knows the verify token', async (index) => {
    const app = gateway.config.apps[index] as AppConfig
    const right = await fetch(`${gateway.url}/webhooks/${app.appId}${verification(app.verifyToken)}`)
    expect([right.status, await right.text()]).toEqual([200, '1158201444'])
    expect(right.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(right.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await fetch(`${gateway.url}/webhooks/${app.appId}${verification('wrong')}`)).status).toBe(403)
    const other = gateway.config.apps[1 - index] as AppConfig
    expect(
      (await fetch(`${gateway.url}/webhooks/${app.appId}${verification(other.verifyToken)}`)).status,
    ).toBe(403)
  })

  it('is there for any Host, as it is reached through a tunnel or a proxy', async () => {
    const [app] = gateway.config.apps
    const body = bodyOf('102000000000011')
    const headers = {
      host: 'gateway.example',
      'content-type': 'application/json',
      'x-hub-signature-256': sign(body, app.appSecrets[0]),
    }
    const raw = { method: 'POST', path: `/webhooks/${app.appId}`, headers, body }
    expect((await request(gateway.url, raw)).status).toBe(200)
  })

  it('is not there for an app that is not configured', async () => {
    const [app] = gateway.config.apps
    const body = bodyOf('102000000000012')
    for (const path of ['/webhooks/999', '/webhooks/', `/webhooks/${app.appId}/`, `/webhooks/${app.appId}/x`])
      expect((await deliver(gateway.url, path, body, sign(body, app.appSecrets[0]))).status).toBe(404)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])('takes no %s', async (method) => {
    const [app] = gateway.config.apps
    expect((await fetch(`${gateway.url}/webhooks/${app.appId}`, { method })).status).toBe(405)
  })
})

describe('/webhooks alone', () => {
  it('is nothing when there are two apps', async () => {
    const [app] = gateway.config.apps
    const body = bodyOf('102000000000013')
    expect((await deliver(gateway.url, '/webhooks', body, sign(body, app.appSecrets[0]))).status).toBe(404)
    expect((await fetch(`${gateway.url}/webhooks${verification(app.verifyToken)}`)).status).toBe(404)
  })

  it('is the callback of the one app when there is one', async () => {
    const [app] = gateway.config.apps
    const body = bodyOf('102000000000014')
    expect((await deliver(single.url, '/webhooks', body, sign(body, app.appSecrets[0]))).status).toBe(200)
    expect((await deliver(single.url, '/webhooks', body)).status).toBe(401)
    expect((await fetch(`${single.url}/webhooks${verification(app.verifyToken)}`)).status).toBe(200)
  })
})
