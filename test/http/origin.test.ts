import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { isForeignOrigin, isLocalRequest } from '../../src/http/admit.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { bearer } from './support/probe.ts'
import { request } from './support/raw.ts'
import { upgradeStatus } from './support/socket.ts'

const { trustedProxies } = readConfig({ TRUSTED_PROXIES: '127.0.0.2' })
type Headers = Readonly<Record<string, string>>

/** A page's origin beside the headers of its request, as a proxy at 127.0.0.2 sends them. */
function isForeign(origin: string, headers: Headers, remoteAddress = '127.0.0.2'): boolean {
  return isForeignOrigin({ headers: { origin, ...headers }, socket: { remoteAddress } } as IncomingMessage, {
    trustedProxies,
  })
}

describe('a page is of the own origin', () => {
  it.each([
    ['https://gw.example.com', { host: 'gw.example.com' }],
    ['https://gw.example.com', { host: 'gw.example.com:443' }],
    ['http://gw.example.com', { host: 'gw.example.com:80' }],
    ['https://gw.example.com:443', { host: 'GW.example.COM' }],
    ['HTTPS://Gw.Example.Com', { host: 'gw.example.com' }],
    ['https://gw.example.com:8443', { host: 'gw.example.com:8443' }],
    ['https://[2001:DB8::1]', { host: '[2001:db8::1]:443' }],
    ['https://gw.example.com', { host: 'inner:4000', 'x-forwarded-host': 'gw.example.com' }],
    ['https://gw.example.com', { host: 'inner:4000', 'x-forwarded-host': 'gw.example.com:443, inner' }],
    ['https://gw.example.com', { host: 'gw.example.com', 'x-forwarded-proto': 'https' }],
    // TLS may have ended at a proxy in front of the one that says http.
    ['https://gw.example.com', { host: 'gw.example.com', 'x-forwarded-proto': 'http' }],
    ['http://localhost:4000', { host: '127.0.0.1:4000' }],
  ])('that is %s, asked as %o', (origin, headers) => {
    expect(isForeign(origin, headers)).toBe(false)
  })
})

describe('a page is of a foreign origin', () => {
  it.each([
    ['https://gw.example.com', { host: 'gw.example.com:4000' }],
    ['https://gw.example.com', { host: 'gw.example.com:80' }],
    ['http://gw.example.com', { host: 'gw.example.com:443' }],
    ['http://gw.example.com', { host: 'gw.example.com', 'x-forwarded-proto': 'https' }],
    ['https://gw.example.com:4000', { host: 'gw.example.com' }],
    ['https://gw.example.com.evil.example', { host: 'gw.example.com' }],
    ['https://evil.example', { host: 'gw.example.com', 'x-forwarded-host': 'gw.example.com' }],
    ['https://gw.example.com@evil.example', { host: 'gw.example.com' }],
    ['null', { host: 'gw.example.com' }],
    ['', { host: 'gw.example.com' }],
    ['chrome-extension://gw.example.com', { host: 'gw.example.com' }],
    ['https://gw.example.com', { host: 'inner:4000', 'x-forwarded-host': '' }],
  ])('that is "%s", asked as %o', (origin, headers) => {
    expect(isForeign(origin, headers)).toBe(true)
  })

  it('when only a stranger says what was asked', () => {
    const headers = { host: 'gw.example.com', 'x-forwarded-host': 'evil.example' }
    expect(isForeign('https://evil.example', headers, '127.0.0.3')).toBe(true)
    expect(isForeign('https://gw.example.com', headers, '127.0.0.3')).toBe(false)
  })
})

describe('without a key only this machine is served:', () => {
  it.each([
    ['no proxy', {}],
    [
      "a development server's proxy",
      { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost:5173' },
    ],
    ['one that speaks of IPv6', { 'x-forwarded-for': '::1, ::ffff:127.0.0.1' }],
  ])('through %s', (_, headers) => {
    expect(isLocalRequest({ headers: { host: 'localhost:4000', ...headers } })).toBe(true)
  })

  it.each([
    { 'x-forwarded-for': '198.51.100.1' },
    { 'x-forwarded-for': '127.0.0.1, 198.51.100.1' },
    { 'x-forwarded-for': '198.51.100.1, 127.0.0.1' },
    { 'x-forwarded-for': 'unknown' },
    { 'x-real-ip': '198.51.100.1' },
    { 'x-forwarded-host': 'gw.example.com' },
    { forwarded: 'for=198.51.100.1' },
  ])('nobody for whom a proxy on it sends %o', (headers: Headers) => {
    expect(isLocalRequest({ headers: { host: 'localhost:4000', ...headers } })).toBe(false)
  })
})

describe('a gateway behind a proxy that it trusts', () => {
  const apiKey = 'the-right-key-0123456789'
  let gateway: TestGateway
  beforeAll(async () => {
    gateway = await startTestGateway({ apiKey, trustedProxies, logLevel: 'warn' })
  })
  afterAll(() => gateway.close())
  const page = { origin: 'https://gw.example.com', 'x-forwarded-host': 'gw.example.com', ...bearer(apiKey) }
  const statusFrom = async (from: string): Promise<number[]> => {
    const body = JSON.stringify({ query: '{ apps { appId } }' })
    const headers = { ...page, 'content-type': 'application/json' }
    const posted = await request(gateway.url, { method: 'POST', headers, body, from })
    return [posted.status, await upgradeStatus(gateway.url, { headers: page, localAddress: from })]
  }

  it('serves the page that the proxy says was asked for, and nobody else who says so', async () => {
    expect(await statusFrom('127.0.0.2')).toEqual([200, 101])
    expect(await statusFrom('127.0.0.3')).toEqual([403, 403])
  })

  it('says once in the log that somebody else forwards, and who', async () => {
    const path = '/health/live'
    const headers = { 'x-forwarded-for': '198.51.100.1' }
    for (const from of ['127.0.0.2', '127.0.0.4', '127.0.0.4', '127.0.0.5'])
      await request(gateway.url, { path, headers, from })
    const told = gateway.logLines.filter((line) => line.includes('TRUSTED_PROXIES'))
    expect(told.map((line) => JSON.parse(line) as object)).toMatchObject([{ address: '127.0.0.4' }])
  })
})
