import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { NewEvent } from '../../../src/events/event.ts'
import { openStore } from '../../../src/events/store.ts'
import { readBody, serve } from './serve.ts'

/*
 * The least that can take a webhook safely into the gateway's own store: check the signature, parse, append, answer. No
 * routes, no classification, no canonical form, no counters, nothing else served.
 */
const { APP_SECRET = '', STORE_URL = '' } = process.env
const { log } = await openStore(STORE_URL)

interface Body {
  readonly entry: readonly { readonly time: number; readonly changes: readonly unknown[] }[]
}

serve(async (request, response) => {
  const bytes = await readBody(request)
  const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice('sha256='.length), 'hex')
  if (!timingSafeEqual(createHmac('sha256', APP_SECRET).update(bytes).digest(), given)) {
    return void response.writeHead(401).end()
  }
  const { entry } = JSON.parse(bytes.toString()) as Body
  await log.append(entry.flatMap(({ time, changes }) => changes.map((change) => toEvent(time, change))))
  response.writeHead(200, { 'content-length': 3 }).end('ok\n')
})

function toEvent(time: number, change: unknown): NewEvent {
  const payload = JSON.stringify(change)
  return {
    appId: '1',
    kind: 'OTHER',
    source: 'WEBHOOK',
    dedupeKey: `${time}-${hash('sha256', payload, 'base64url')}`,
    occurredAt: time * 1000,
    receivedAt: Date.now(),
    field: '',
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload,
  }
}
