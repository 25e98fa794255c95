import { createHmac } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

import { type Play, lucky, social } from './world.ts'

export interface Delivery {
  readonly bytes: Buffer
  readonly signature: string | undefined
  readonly body: {
    readonly entry: readonly {
      id: string
      time: number
      changes: readonly { field: string; value: never }[]
    }[]
  }
}

export interface Callback {
  readonly url: string
  readonly verifications: URLSearchParams[]
  readonly deliveries: Delivery[]
  /** What the next posts are answered, before it is 200 again. */
  readonly answers: number[]
  /** Resolves once so many deliveries have come in. */
  readonly count: (wanted: number) => Promise<void>
  readonly close: () => void
}

/** A receiver of webhooks on a real socket. `verify` says what the verification GET is answered. */
export async function startCallback(
  verify?: (search: URLSearchParams) => [number, string],
): Promise<Callback> {
  const [verifications, deliveries, answers]: [URLSearchParams[], Delivery[], number[]] = [[], [], []]
  let waiting: { wanted: number; resolve: () => void }[] = []
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') {
      const search = new URL(request.url ?? '', 'http://callback.invalid').searchParams
      verifications.push(search)
      const [status, text] = verify?.(search) ?? [200, search.get('hub.challenge') ?? '']
      response.writeHead(status).end(text)
      return
    }
    deliveries.push(await deliveryOf(request))
    response.writeHead(answers.shift() ?? 200).end()
    for (const waiter of waiting) if (deliveries.length >= waiter.wanted) waiter.resolve()
    waiting = waiting.filter((waiter) => deliveries.length < waiter.wanted)
  }
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(close)
  const count = (wanted: number): Promise<void> =>
    deliveries.length >= wanted
      ? Promise.resolve()
      : new Promise((resolve) => void waiting.push({ wanted, resolve }))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hook`, verifications, deliveries, answers, count, close }
}

async function deliveryOf(request: IncomingMessage): Promise<Delivery> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const signature = request.headers['x-hub-signature-256']
  const body = parsed(bytes) as Delivery['body']
  return { bytes, signature: Array.isArray(signature) ? signature[0] : signature, body }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

export const signatureOf = (secret: string, bytes: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`

export function subscribe({ ask, appToken }: Play, appId: string, url: string, fields?: string) {
  return ask('POST', `/${appId}/subscriptions`, appToken(appId), {
    object: 'whatsapp_business_account',
    callback_url: url,
    verify_token: `token of ${appId}`,
    fields: fields ?? 'account_update,partner_solutions',
  })
}

/** Both apps listen, each on a callback of its own. */
export async function bothListen(play: Play): Promise<{ luckyHook: Callback; socialHook: Callback }> {
  const [luckyHook, socialHook] = [await startCallback(), await startCallback()]
  await subscribe(play, lucky, luckyHook.url)
  await subscribe(play, social, socialHook.url)
  return { luckyHook, socialHook }
}

export const valuesOf = ({ deliveries }: Callback): unknown[] =>
  deliveries.flatMap(({ body }) => body.entry.flatMap((entry) => entry.changes.map((change) => change.value)))
