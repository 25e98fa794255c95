import type { IncomingMessage } from 'node:http'
import { CloseCode } from 'graphql-ws'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { hearPongs } from './alive.ts'
import { Answers } from './answers.ts'
import type { Conversations } from './operations.ts'
import { limitPings, pongTo } from './pings.ts'

/** Lets the protocol run over one socket. What goes wrong is logged, and ends this socket only. */
export function speak(
  socket: WebSocket,
  request: IncomingMessage,
  conversations: Conversations,
  logger: Logger,
): void {
  const leaving = new AbortController()
  const answers = new Answers(socket)
  const countPing = limitPings(socket)
  hearPongs(socket)
  const broken = (error: unknown): void => {
    logger.error({ err: error }, 'a WebSocket message could not be handled')
    socket.close(CloseCode.InternalServerError, 'Internal server error')
  }
  const closed = conversations.open(
    {
      protocol: socket.protocol,
      send: (data) => answers.send(data),
      close: (code, reason) => socket.close(code, reason),
      onPing: (payload) => {
        countPing()
        return answers.send(pongTo(payload))
      },
      onMessage: (handle) =>
        socket.on('message', (data, isBinary) => {
          // Of who has been told to go, nothing more is taken.
          if (socket.readyState !== socket.OPEN) return
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
