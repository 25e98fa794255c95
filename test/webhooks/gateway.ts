import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerOptions } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { NewDeadLetter } from '../../src/events/dead-letters.ts'
import type { NewEvent } from '../../src/events/event.ts'
import { createWebhookHandler } from '../../src/webhooks/receive.ts'
import type { WebhookApp, WebhookDeps } from '../../src/webhooks/receive.ts'

export const secret = 'test_app_secret'
export const receivedAt = 1_800_000_000_000

export const luckyShrub: WebhookApp = {
  appId: '21202248997039',
  appSecrets: [secret],
  verifyTokens: ['verify me'],
}

/** A real server with the handler mounted on /webhooks, and what it told its surroundings. */
export async function startGateway(
  options: {
    apps?: readonly WebhookApp[]
    append?: WebhookDeps['intake']['append']
    deadLetters?: WebhookDeps['deadLetters']
    server?: ServerOptions
    now?: () => number
    isAllowed?: (address: string) => boolean
  } = {},
) {
  const apps = options.apps ?? [luckyShrub]
  const stored = new Map<string, NewEvent>()
  const appends: (readonly NewEvent[])[] = []
  const answers: { stored: number; duplicates: number }[] = []
  const counts = new Map<string, number>()
  const logs: string[] = []
  const letters: NewDeadLetter[] = []
  const seen: { at: number; changes: number }[] = []
  const came = new Map<string, { changes: number; bytes: number }>()
  const log = (obj: object, msg: string): void => void logs.push(JSON.stringify({ ...obj, msg }))
  const handle = createWebhookHandler({
    apps: new Map(apps.map((app) => [app.appId, app])),
    intake: {
      append: async (events) => {
        appends.push(events)
        const answer = await (options.append === undefined ? keepIn(stored, events) : options.append(events))
        answers.push(answer)
        return answer
      },
    },
    deadLetters: options.deadLetters ?? { add: async (more) => void letters.push(...more) },
    countUnstored: (_, at, changes) => void seen.push({ at, changes }),
    counters: {
      count: (name, { field, reason }, n = 1) => {
        const key = [name, field ?? reason].filter((part) => part !== undefined).join(' ')
        counts.set(key, (counts.get(key) ?? 0) + n)
      },
      countReceived: (_, field, changes, bytes) => {
        const before = came.get(field) ?? { changes: 0, bytes: 0 }
        came.set(field, { changes: before.changes + changes, bytes: before.bytes + bytes })
      },
    },
    log: { warn: log, error: log },
    senderOf: ({ socket: { remoteAddress = '' } }) => {
      const isAllowed = options.isAllowed?.(remoteAddress) ?? true
      return { address: remoteAddress, network: remoteAddress, isAllowed }
    },
    now: options.now ?? (() => receivedAt),
  })
  const server = createServer(options.server ?? {}, (req, res) => {
    const appId = /^\/webhooks\/?([^?/]*)/.exec(req.url ?? '')?.[1]
    void handle(req, res, appId === '' ? undefined : appId)
  })
  // By the address of the sender. One that is used again means the newer connection.
  const connections = new Map<string, Socket>()
  server.on('connection', (socket) => connections.set(`${socket.remoteAddress}:${socket.remotePort}`, socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks/${apps[0]?.appId ?? ''}`,
    bareUrl: `http://127.0.0.1:${port}/webhooks`,
    stored,
    letters,
    seen,
    appends,
    answers,
    counts,
    came,
    logs,
    connect: (localAddress = '127.0.0.1') => openSocket(port, localAddress),
    /** Whether the server has read so many bytes of each of these, or has closed it. */
    hasRead: (senders: readonly Sender[], bytes: number) =>
      senders.every(({ from }) => {
        const socket = connections.get(from)
        return socket !== undefined && (socket.destroyed || socket.bytesRead >= bytes)
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function keepIn(stored: Map<string, NewEvent>, events: readonly NewEvent[]) {
  const before = stored.size
  for (const event of events) if (!stored.has(event.dedupeKey)) stored.set(event.dedupeKey, event)
  return { stored: stored.size - before, duplicates: events.length - (stored.size - before) }
}

/** A connection that knows where it comes from, also when it has been closed. */
export type Sender = Socket & { readonly from: string }

async function openSocket(port: number, localAddress: string): Promise<Sender> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return Object.assign(socket, { from: `${socket.localAddress}:${socket.localPort}` })
}

export const sign = (body: string | Uint8Array, key: string = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

export function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const signed = { 'content-type': 'application/json', 'x-hub-signature-256': sign(body) }
  return fetch(url, { method: 'POST', body, headers: { ...signed, ...headers } })
}

/** A post's text with these changes in one entry. */
export const bodyOf = (changes: readonly unknown[], id = '102290129340398', time = 1743451903): string =>
  JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id, time, changes }] })

export const update = (event: string, more: object = {}): object => ({
  field: 'account_update',
  value: { event, ...more },
})
