import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { authenticate } from '../../access/authenticate.ts'
import { callerOf } from '../../access/caller.ts'
import { isForeignOrigin, isLocalRequest, pathOf } from '../admit.ts'
import type { Parts } from '../parts.ts'
import { ConnectionLimit } from '../connection-limit.ts'
import { errorBody, retryAfterSeconds } from '../reply.ts'
import { namesOf } from '../request-names.ts'
import { SilentSockets } from './silent-sockets.ts'
import { keepAlive, serveSocket } from './socket.ts'
import { createOperations } from './operations.ts'
import type { Graphql } from '../graphql/yoga.ts'

/** Those that have authenticated. One front end, and all browsers behind one address, may have half of what there is. */
const mostSockets = { all: 10_000, perCaller: 5_000 }
/** Others, which have 3 s. All browsers of a company may come back at once, from one address, after a restart. */
const mostSilent = 2_000
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
  const silent = new SilentSockets<WebSocket>(mostSilent, (socket) => sendAway(socket, 'silent-socket'))
  /** By socket, lets it in when it has authenticated; false when there is no room. */
  const entrances = new WeakMap<WebSocket, () => boolean>()
  const operations = createOperations(parts, graphql, (socket) => entrances.get(socket)?.() ?? false)
  const beat = setInterval(() => keepAlive(sockets.clients), pingMs).unref()

  /** Closes it with the code after which clients come again. */
  function sendAway(socket: WebSocket, what: 'socket' | 'silent-socket'): void {
    parts.metrics.countRefused(what)
    socket.close(1013, 'Try again later')
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const { network } = callerOf(request, parts.config.trustedProxies)
    const leaveSilent = hasKey(request) ? () => undefined : silent.add(socket, network)
    let leave: (() => void) | null = null
    entrances.set(socket, () => {
      leaveSilent()
      if (open.isFullFor(network)) {
        sendAway(socket, 'socket')
        return false
      }
      leave = open.take(network)
      return true
    })
    parts.metrics.streams.inc({ transport: 'ws' })
    socket.once('close', () => {
      leaveSilent()
      leave?.()
      parts.metrics.streams.dec({ transport: 'ws' })
    })
    serveSocket(socket, request, operations, parts.logger)
  }

  sockets.on('headers', (lines, request) => void lines.push(...linesOf(request)))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refused = refusal(request)
    if (refused === null) return sockets.handleUpgrade(request, socket, head, accept)
    refuse(socket, refused, linesOf(request))
  })

  function refusal(request: IncomingMessage): UpgradeRefusal | null {
    if (pathOf(request.url) !== '/graphql') return ['404 Not Found', 'NOT_FOUND']
    if (isForeignOrigin(request, parts.config)) return ['403 Forbidden', 'FOREIGN_ORIGIN']
    if (parts.config.apiKey === null && !isLocalRequest(request)) return ['403 Forbidden', 'FORBIDDEN']
    if (parts.draining.aborted) return [unavailable, 'SHUTTING_DOWN']
    const { network } = callerOf(request, parts.config.trustedProxies)
    if (!open.isFullFor(network)) return null
    parts.metrics.countRefused('socket')
    return [unavailable, 'TOO_MANY_SOCKETS']
  }

  /** A request that brings the key is authenticated already. */
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

function linesOf(request: IncomingMessage): string[] {
  return namesOf(request).headers.map(([name, value]) => `${name}: ${value}`)
}

type UpgradeRefusal = readonly [status: string, code: string]

const unavailable = '503 Service Unavailable'

/** Refuses before the upgrade, which is cheaper than a socket. */
function refuse(socket: Duplex, [status, code]: UpgradeRefusal, lines: readonly string[]): void {
  const body = errorBody(code, 'No socket was opened.')
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...lines,
    ...(status === unavailable ? [`Retry-After: ${retryAfterSeconds}`] : []),
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
