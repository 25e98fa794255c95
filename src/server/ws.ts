import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer, type WebSocket } from 'ws'
import { isForeignOrigin, isLocalHost } from './origin.ts'
import type { Parts } from './parts.ts'
import { pathOf } from './path.ts'
import { createConversations } from './ws-operations.ts'
import { keepAlive, limitPings, speak } from './ws-socket.ts'
import type { Graphql } from './yoga.ts'

const maxSockets = 5_000
/** Sockets that have not said who they are. */
const maxStrangers = 100
const pingMs = 8_000
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
  const strangers = new Set<WebSocket>()
  const conversations = createConversations(parts, graphql, (socket) => strangers.delete(socket))
  const beat = setInterval(() => keepAlive(sockets.clients), pingMs).unref()

  function welcome(socket: WebSocket, request: IncomingMessage): void {
    strangers.add(socket)
    parts.metrics.streams.inc({ transport: 'ws' })
    socket.once('close', () => {
      strangers.delete(socket)
      parts.metrics.streams.dec({ transport: 'ws' })
    })
    limitPings(socket)
    speak(socket, request, conversations, parts.logger)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const status = refusal(request)
    if (status === null) return sockets.handleUpgrade(request, socket, head, welcome)
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  })

  function refusal({ headers, url }: IncomingMessage): string | null {
    if (pathOf(url) !== '/graphql') return '404 Not Found'
    if (isForeignOrigin(headers)) return '403 Forbidden'
    if (parts.config.apiKey === null && !isLocalHost(headers)) return '403 Forbidden'
    const full = sockets.clients.size >= maxSockets || strangers.size >= maxStrangers
    return full || parts.draining.aborted ? '503 Service Unavailable' : null
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

/** Not all at once: those who come back at once would all come at the same time to the next instance. */
async function closeInWaves(sockets: WebSocket[], until: number): Promise<void> {
  while (sockets.length > 0) {
    for (const socket of sockets.splice(0, waveSize)) socket.close(1001, 'Going away')
    if (sockets.length > 0 && Date.now() < until) await sleep(waveMs)
  }
}
