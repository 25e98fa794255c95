import { createHmac } from 'node:crypto'
import type { AppConfig } from '../../src/config/config.ts'

/** Delivers one change to a gateway as Meta does; stored when this resolves. */
export async function postWebhook(
  gatewayUrl: string,
  { appId, businessId, appSecrets: [secret] }: AppConfig,
  field: string,
  value: object,
): Promise<void> {
  const entry = [{ id: businessId, time: Math.floor(Date.now() / 1000), changes: [{ field, value }] }]
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
  const { status } = await fetch(`${gatewayUrl}/webhooks/${appId}`, { method: 'POST', headers, body })
  if (status !== 200) throw new Error(`The webhook was answered ${status}`)
}
