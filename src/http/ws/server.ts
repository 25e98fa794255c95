import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { authenticate } from '../../access/authenticate.ts'
import { callerOf } from '../../access/caller.ts'
import { isForeignOrigin, isLocalRequest, pathOf } from '../admit.ts'
import type { Parts } from '../parts.ts'
import { ConnectionLimit } from '../connection-limit.ts'
import { keepAlive, serveSocket } from './socket.ts'
import { createOperations } from './operations.ts'
import type { Graphql } from '../graphql/yoga.ts'

/** One front end may have half of what there is. */
const mostSockets = { all: 10_000, perCaller: 5_000 }
/** Sockets that have not authenticated yet, for which they have 3 s. */
const mostUnauthenticated = { all: 100, perCaller: 50 }
const pingMs = 8_000
/** How long a refused client may take to read why. */
const lingerMs = 1_000
const waveSize = 100
const waveMs = 100

const options = {
  noServer: true,
  maxPayload: 64 * 1024,
  /** How long the closing handshake may take. */
  closeTimeout: 2_000,
  perMessageDeflate: false,
  handleProtocols: (protocols: Set<string>) =>
    protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : (false as const),
}

/** GraphQL over graphql-transport-ws, on the same path, schema, limits and rights as HTTP. */
export function attachWebSockets(server: Server, parts: Parts, graphql: Graphql) {
  const sockets = new WebSocketServer(options)
  const open = new ConnectionLimit(mostSockets)
  const unauthenticated = new ConnectionLimit(mostUnauthenticated)
  /** By socket, what to call when it has authenticated. */
  const authenticated = new WeakMap<WebSocket, () => void>()
  const operations = createOperations(parts, graphql, (socket) => authenticated.get(socket)?.())
  const beat = setInterval(() => keepAlive(sockets.clients), pingMs).unref()

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const { network } = callerOf(request, parts.config.trustedProxies)
    const leave = open.take(network)
    const onAuthenticated = hasKey(request) ? () => undefined : unauthenticated.take(network)
    authenticated.set(socket, onAuthenticated)
    parts.metrics.streams.inc({ transport: 'ws' })
    socket.once('close', () => {
      leave()
      onAuthenticated()
      parts.metrics.streams.dec({ transport: 'ws' })
    })
    serveSocket(socket, request, operations, parts.logger)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refused = refusal(request)
    if (refused === null) return sockets.handleUpgrade(request, socket, head, accept)
    refuse(socket, refused)
  })

  function refusal(request: IncomingMessage): UpgradeRefusal | null {
    if (pathOf(request.url) !== '/graphql') return ['404 Not Found', 'NOT_FOUND']
    if (isForeignOrigin(request, parts.config)) return ['403 Forbidden', 'FOREIGN_ORIGIN']
    if (parts.config.apiKey === null && !isLocalRequest(request)) return ['403 Forbidden', 'FORBIDDEN']
    if (parts.draining.aborted) return [unavailable, 'SHUTTING_DOWN']
    const { network } = callerOf(request, parts.config.trustedProxies)
    const isFull = open.isFullFor(network) || (unauthenticated.isFullFor(network) && !hasKey(request))
    return isFull ? [unavailable, 'TOO_MANY_SOCKETS'] : null
  }

  /**
   * A request that brings the key is authenticated already: sockets of the same address (a proxy's) that are not do not
   * keep it out.
   */
  function hasKey({ headers }: IncomingMessage): boolean {
    return parts.config.apiKey !== null && authenticate(parts.config, headers) !== null
  }

  /** Waits for queries and mutations under way, until then at most, and closes all sockets. */
  async function close(until: number): Promise<void> {
    while (operations.busy() && Date.now() < until) await sleep(20)
    clearInterval(beat)
    const closed = new Promise((resolve) => sockets.close(resolve))
    await closeInWaves([...sockets.clients], until)
    await closed
  }

  return { close }
}

type UpgradeRefusal = readonly [status: string, code: string]

const unavailable = '503 Service Unavailable'

/** Refuses before the upgrade, which is cheaper than a socket. */
function refuse(socket: Duplex, [status, code]: UpgradeRefusal): void {
  const body = JSON.stringify({ errors: [{ message: 'No socket was opened.', extensions: { code } }] })
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // What else the client sends is dropped. A client that does not disconnect is cut off: it would delay a stop.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}

/** In waves, so that not all clients reconnect to the next instance at the same moment. */
async function closeInWaves(sockets: WebSocket[], until: number): Promise<void> {
  while (sockets.length > 0) {
    for (const socket of sockets.splice(0, waveSize)) socket.close(1001, 'Going away')
    if (sockets.length > 0 && Date.now() < until) await sleep(waveMs)
  }
}
