import { createHmac } from 'node:crypto'
import { madeUpApp, type BenchApp } from './app.ts'

/** A number that no other change of this process has: what makes each of them new to a store. */
let changes = 0

export interface Webhook {
  readonly body: Buffer
  readonly signature: string
}

/** A signed post that says that so many customers shared an account; like none before it. */
export function createWebhook(count = 1): Webhook {
  const time = Math.floor(Date.now() / 1000)
  const entry = Array.from({ length: count }, () => ({
    id: madeUpApp.businessId,
    time,
    changes: [{ field: 'account_update', value: onboarded(String(980_000_000_000_000 + changes++)) }],
  }))
  return signPost({ object: 'whatsapp_business_account', entry }, madeUpApp)
}

/** A signed post that says that a solution has changed. */
export function createSolutionWebhook(app: BenchApp, solutionId: string): Webhook {
  const time = Math.floor(Date.now() / 1000)
  const value = { event: 'SOLUTION_UPDATED', solution_id: solutionId, solution_status: 'ACTIVE' }
  const entry = [{ id: app.businessId, time, changes: [{ field: 'partner_solutions', value }] }]
  return signPost({ object: 'whatsapp_business_account', entry }, app)
}

export function signPost(post: object, { appSecret }: BenchApp): Webhook {
  const body = Buffer.from(JSON.stringify(post))
  return { body, signature: createHmac('sha256', appSecret).update(body).digest('hex') }
}

function onboarded(wabaId: string) {
  return {
    event: 'PARTNER_ADDED',
    waba_info: {
      waba_id: wabaId,
      owner_business_id: '2329417887457253',
      solution_id: '1715120619246906',
      solution_partner_business_ids: ['506914307656634', '520744086200222'],
    },
  }
}

/** The account that a post of one change speaks of. */
export function wabaIdOf({ body }: Webhook): string {
  return /"waba_id":"(\d+)"/.exec(body.toString())?.[1] ?? ''
}

/** The whole request as it goes over the wire. */
export function printRequest({ body, signature }: Webhook, { appId } = madeUpApp): Buffer {
  return printPost(`/webhooks/${appId}`, { 'x-hub-signature-256': `sha256=${signature}` }, body)
}

/** Any post of JSON as it goes over the wire. */
export function printPost(path: string, headers: Readonly<Record<string, string>>, body: Buffer): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}
