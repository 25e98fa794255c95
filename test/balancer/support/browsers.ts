import { createClient } from 'graphql-ws'
import { WebSocket, type ClientOptions } from 'ws'
import { fleetHeaders, type Fleet } from '../../support/fleet.ts'

/** Addresses of this machine: all of 127.0.0.0/8 are, so that a test can be many callers. */
const addressOf = (network: number, number: number): string =>
  `127.${network}.${number >> 8}.${number & 255 || 1}`

const addressed = (localAddress: string) =>
  class extends WebSocket {
    constructor(url: string, protocols: string, options: ClientOptions = {}) {
      super(url, protocols, { ...options, localAddress })
    }
  }

export interface Browser {
  /** Ids of accounts that it was told of. */
  readonly wabaIds: string[]
  /** Where it was told that it cannot go on. */
  readonly errors: unknown[]
  /** Resolves when it has been answered. */
  readonly isIn: Promise<void>
  leave(): void
}

const events = 'subscription { events { ... on ClientWabaEvent { wabaId } } }'

/** A stock client at an address of its own that follows `events` and asks a question beside. */
export function openBrowser(fleet: Fleet, number: number): Browser {
  const client = createClient({
    url: `${fleet.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: addressed(addressOf(1, number)),
    connectionParams: fleetHeaders,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
  })
  const [wabaIds, errors]: [string[], unknown[]] = [[], []]
  const error = (one: unknown): void => void errors.push(one)
  client.subscribe<{ events: { wabaId?: string } }>(
    { query: events },
    {
      next: ({ data, errors: failed }) => {
        if (failed) error(failed)
        if (data?.events.wabaId !== undefined) wabaIds.push(data.events.wabaId)
      },
      error,
      complete: () => {},
    },
  )
  const isIn = new Promise<void>((resolve) => {
    const next = ({ data, errors: failed }: { data?: unknown; errors?: unknown }): void => {
      if (data === undefined || data === null) error(failed)
      resolve()
    }
    client.subscribe({ query: '{ apps { name } }' }, { next: next as never, error, complete: () => {} })
  })
  return { wabaIds, errors, isIn, leave: () => void client.dispose() }
}

/** Keeps so many sockets open that never say a word, each again when it is closed. What it gives ends them. */
export function holdSilentSockets(fleet: Fleet, count: number): () => void {
  const sockets = new Set<WebSocket>()
  let isOver = false
  const open = (number: number): void => {
    if (isOver) return
    const localAddress = addressOf(2, number)
    const socket = new WebSocket(`${fleet.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      localAddress,
    })
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => {
      sockets.delete(socket)
      setImmediate(open, number)
    })
  }
  for (let number = 0; number < count; number++) open(number)
  return () => {
    isOver = true
    for (const socket of sockets) socket.terminate()
  }
}

/** Posts webhooks without end that are in order but for their signature. What it gives ends that. */
export function postFalseWebhooks(fleet: Fleet, senders: number): () => Promise<void> {
  const [app] = fleet.play.config.apps
  const change = { field: 'account_update', value: { event: 'PARTNER_ADDED', padding: 'x'.repeat(100_000) } }
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: app?.businessId, changes: [change] }],
  })
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  }
  const over = new AbortController()
  const send = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const response = await fetch(`${fleet.url}/webhooks/${app?.appId}`, { method: 'POST', headers, body })
      await response.arrayBuffer()
      if (response.status === 200) throw new Error('A false webhook was taken')
    }
  }
  const sending = Promise.all(Array.from({ length: senders }, send))
  return async () => {
    over.abort()
    await sending
  }
}
