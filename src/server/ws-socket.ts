import type { IncomingMessage } from 'node:http'
import { CloseCode } from 'graphql-ws'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import type { Conversations } from './ws-operations.ts'

/** Lets the protocol run over one socket. What goes wrong is logged, and ends this socket only. */
export function speak(
  socket: WebSocket,
  request: IncomingMessage,
  conversations: Conversations,
  logger: Logger,
): void {
  const leaving = new AbortController()
  const broken = (error: unknown): void => {
    logger.error({ err: error }, 'a WebSocket message could not be handled')
    socket.close(CloseCode.InternalServerError, 'Internal server error')
  }
  const closed = conversations.open(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data, isBinary) => {
          if (isBinary) return socket.close(CloseCode.BadRequest, 'Invalid message received')
          handle(String(data)).catch(broken)
        }),
    },
    { socket, request, gone: leaving.signal },
  )
  socket.once('close', (code, reason) => {
    leaving.abort()
    closed(code, String(reason)).catch(broken)
  })
  // Broken frames and broken connections: `ws` closes the socket with the code that fits.
  socket.on('error', ({ message }) => logger.debug({ message }, 'a WebSocket failed'))
}

// Waits until the data has left, so that a slow reader is asked for no next event. What a socket that has
// gone cannot take is dropped: its close ends the operations.
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(data, () => resolve())
    else resolve()
  })
}

const waiting = new WeakSet<WebSocket>()

/** Pings every socket, and ends those that have not answered the ping before: nobody is there, or nobody reads. */
export function keepAlive(sockets: Iterable<WebSocket>): void {
  for (const socket of sockets) {
    if (waiting.has(socket)) socket.terminate()
    else if (socket.readyState === socket.OPEN) {
      waiting.add(socket)
      socket.once('pong', () => waiting.delete(socket))
      socket.ping()
    }
  }
}

const maxPingsPerSecond = 20

/** Each ping costs an answer: more than anybody needs end the socket. */
export function limitPings(socket: WebSocket): void {
  let [second, pings] = [0, 0]
  socket.on('ping', () => {
    const now = Math.floor(performance.now() / 1000)
    pings = now === second ? pings + 1 : 1
    second = now
    if (pings > maxPingsPerSecond) socket.close(1008, 'Too many pings')
  })
}
