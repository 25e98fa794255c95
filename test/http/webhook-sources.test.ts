import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

const body = '{"object":"whatsapp_business_account","entry":[]}'
// The network of AS32934 that Meta's webhooks often come from, and addresses of this machine.
const { webhookSources, trustedProxies } = readConfig({
  WEBHOOK_SOURCES: '173.252.64.0/18, 2a03:2880::/32, 127.0.0.2',
  TRUSTED_PROXIES: '127.0.0.3',
})

/** Posts a signed webhook from one of this machine's addresses. */
async function post({ url, config }: TestGateway, localAddress: string, forwardedFor?: string) {
  const [{ appId, appSecrets }] = config.apps
  const { hostname, port } = new URL(url)
  const signature = createHmac('sha256', appSecrets[0]).update(body).digest('hex')
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${signature}`,
    ...(forwardedFor && { 'x-forwarded-for': forwardedFor }),
  }
  const path = `/webhooks/${appId}`
  const sent = request({ host: hostname, port, path, method: 'POST', localAddress, headers }).end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}

describe('webhooks', () => {
  it('are taken from everywhere when no sources are named', async () => {
    await using gateway = await startTestGateway()
    expect(await post(gateway, '127.0.0.9')).toBe(200)
  })

  it('are taken from the named sources alone, and what comes from elsewhere gets 403 and is counted', async () => {
    const apiKey = 'a-key-of-this-test'
    await using gateway = await startTestGateway({ webhookSources, apiKey })
    expect(await post(gateway, '127.0.0.2')).toBe(200)
    expect(await post(gateway, '127.0.0.9')).toBe(403)
    // A header of a stranger is not believed.
    expect(await post(gateway, '127.0.0.9', '173.252.70.1')).toBe(403)
    const headers = { authorization: `Bearer ${apiKey}` }
    const metrics = await (await fetch(`${gateway.url}/metrics`, { headers })).text()
    expect(metrics).toMatch(
      /mps_webhook_changes_total\{result="refused",app_id="\d+",field="",reason="source"\} 2\n/,
    )
  })

  it('are known by the address that a trusted proxy names', async () => {
    await using gateway = await startTestGateway({ webhookSources, trustedProxies })
    expect(await post(gateway, '127.0.0.3', '173.252.70.1')).toBe(200)
    expect(await post(gateway, '127.0.0.3', '2a03:2880:20ff::1')).toBe(200)
    expect(await post(gateway, '127.0.0.3', '198.51.100.7')).toBe(403)
    expect(await post(gateway, '127.0.0.3')).toBe(403)
  })

  it('are verified from everywhere, since that changes nothing', async () => {
    await using gateway = await startTestGateway({ webhookSources })
    const [{ appId, verifyToken }] = gateway.config.apps
    const query = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.verify_token': verifyToken,
      'hub.challenge': '7',
    })
    expect(await (await fetch(`${gateway.url}/webhooks/${appId}?${query}`)).text()).toBe('7')
  })
})
