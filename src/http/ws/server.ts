import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { authenticate } from '../../access/authenticate.ts'
import { isForeignOrigin, isLocalHost, pathOf } from '../origin.ts'
import type { Parts } from '../parts.ts'
import { callerOf, Room } from '../connection-limit.ts'
import { keepAlive, speak } from './socket.ts'
import { createConversations } from './operations.ts'
import type { Graphql } from '../graphql/yoga.ts'

/** One front end may have half of what there is. */
const socketRoom = { all: 10_000, perCaller: 5_000 }
/** Sockets that have not said who they are, which they may take 3 s to do. */
const strangerRoom = { all: 100, perCaller: 50 }
const pingMs = 8_000
/** How long who is refused may take to read why. */
const lingerMs = 1_000
const waveSize = 100
const waveMs = 100

const options = {
  noServer: true,
  maxPayload: 64 * 1024,
  /** How long a socket that is being closed may take to agree. */
  closeTimeout: 2_000,
  perMessageDeflate: false,
  handleProtocols: (protocols: Set<string>) =>
    protocols.has('graphql-transport-ws') ? 'graphql-transport-ws' : (false as const),
}

/** GraphQL over graphql-transport-ws, on the same path, schema, limits and rights as HTTP. */
export function attachWebSockets(server: Server, parts: Parts, graphql: Graphql) {
  const sockets = new WebSocketServer(options)
  const room = new Room(socketRoom)
  const strangers = new Room(strangerRoom)
  const introduced = new WeakMap<WebSocket, () => void>()
  const conversations = createConversations(parts, graphql, (socket) => introduced.get(socket)?.())
  const beat = setInterval(() => keepAlive(sockets.clients), pingMs).unref()

  function welcome(socket: WebSocket, request: IncomingMessage): void {
    const caller = callerOf(request)
    const leave = room.take(caller)
    const isKnown = hasKey(request) ? () => undefined : strangers.take(caller)
    introduced.set(socket, isKnown)
    parts.metrics.streams.inc({ transport: 'ws' })
    socket.once('close', () => {
      leave()
      isKnown()
      parts.metrics.streams.dec({ transport: 'ws' })
    })
    speak(socket, request, conversations, parts.logger)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const refused = refusal(request)
    if (refused === null) return sockets.handleUpgrade(request, socket, head, welcome)
    refuse(socket, refused)
  })

  function refusal(request: IncomingMessage): Refusal | null {
    const { headers, url } = request
    if (pathOf(url) !== '/graphql') return ['404 Not Found', 'NOT_FOUND']
    if (isForeignOrigin(headers)) return ['403 Forbidden', 'FOREIGN_ORIGIN']
    if (parts.config.apiKey === null && !isLocalHost(headers)) return ['403 Forbidden', 'FORBIDDEN']
    if (parts.draining.aborted) return [unavailable, 'SHUTTING_DOWN']
    const caller = callerOf(request)
    const isFull = room.isFullFor(caller) || (strangers.isFullFor(caller) && !hasKey(request))
    return isFull ? [unavailable, 'TOO_MANY_SOCKETS'] : null
  }

  /** Who brings the key has said who they are, and strangers of the same address (a proxy's) do not keep them out. */
  function hasKey({ headers }: IncomingMessage): boolean {
    return parts.config.apiKey !== null && authenticate(parts.config, headers.authorization) !== null
  }

  /** Lets what is under way end, until then at most, and closes each socket. */
  async function close(until: number): Promise<void> {
    while (conversations.busy() && Date.now() < until) await sleep(20)
    clearInterval(beat)
    const closed = new Promise((resolve) => sockets.close(resolve))
    await closeInWaves([...sockets.clients], until)
    await closed
  }

  return { close }
}

type Refusal = readonly [status: string, code: string]

const unavailable = '503 Service Unavailable'

/** Before the upgrade, so that it costs nothing of a socket. */
function refuse(socket: Duplex, [status, code]: Refusal): void {
  const body = JSON.stringify({ errors: [{ message: 'No socket was opened.', extensions: { code } }] })
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // Whatever else comes is for nobody, and who does not go is not waited for: it would hold a stop, too.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}

/** Not all at once: those who come back at once would all come at the same time to the next instance. */
async function closeInWaves(sockets: WebSocket[], until: number): Promise<void> {
  while (sockets.length > 0) {
    for (const socket of sockets.splice(0, waveSize)) socket.close(1001, 'Going away')
    if (sockets.length > 0 && Date.now() < until) await sleep(waveMs)
  }
}
