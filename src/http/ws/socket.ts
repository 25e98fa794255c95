import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'
import { CloseCode, MessageType, type PongMessage } from 'graphql-ws'
import type { Logger } from 'pino'
import type { WebSocket } from 'ws'
import { logFields } from '../../log.ts'
import { namesOf } from '../request-names.ts'
import type { Operations } from './operations.ts'

/** Runs the protocol over one socket. What goes wrong is logged and ends this socket only. */
export function serveSocket(
  socket: WebSocket,
  request: IncomingMessage,
  operations: Operations,
  logger: Logger,
): void {
  const { fields } = namesOf(request)
  const leaving = new AbortController()
  const outgoing = new Outgoing(socket)
  const countPing = limitPings(socket)
  hearPongs(socket)
  const broken = (error: unknown): void => {
    logger.error({ err: error, ...fields }, 'a WebSocket message could not be handled')
    socket.close(CloseCode.InternalServerError, 'Internal server error')
  }
  const closed = operations.open(
    {
      protocol: socket.protocol,
      send: (data) => outgoing.send(data),
      close: (code, reason) => socket.close(code, reason),
      onPing: (payload) => {
        countPing()
        return outgoing.send(pongTo(payload))
      },
      onMessage: (handle) =>
        socket.on('message', (data, isBinary) => {
          // Nothing more is taken from a socket that is being closed.
          if (socket.readyState !== socket.OPEN) return
          if (isBinary) return socket.close(CloseCode.BadRequest, 'Invalid message received')
          logFields.run(fields, () => void handle(String(data)).catch(broken))
        }),
    },
    { socket, request, gone: leaving.signal },
  )
  socket.once('close', (code, reason) => {
    leaving.abort()
    closed(code, String(reason)).catch(broken)
  })
  // Broken frames and broken connections: `ws` closes the socket with the code that fits.
  socket.on('error', ({ message }) => logger.debug({ message, ...fields }, 'a WebSocket failed'))
}

/** So many unsent characters, and the socket is read no further. */
const most = 256 * 1024

/**
 * Sends the messages of one socket, with backpressure: a client that asks without reading is read no further until what
 * it was sent has left.
 */
class Outgoing {
  readonly #socket: WebSocket
  #waiting = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /**
   * Resolves when the data has left, so that a slow reader is not sent the next event before. Once a socket is closed its
   * data is dropped: the close ends the operations.
   */
  send(data: string): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    this.#waiting += data.length
    if (this.#waiting > most) socket.pause()
    return new Promise((resolve) =>
      socket.send(data, () => {
        this.#waiting -= data.length
        if (socket.isPaused && this.#waiting <= most) socket.resume()
        resolve()
      }),
    )
  }
}

const maxPerSecond = 20
/** Characters of a payload that a pong repeats: as many as a ping frame may have bytes. */
const maxEcho = 125

/**
 * Each ping costs an answer, whether it is a frame or a message of the protocol: too many a second end the socket. Frames
 * are counted here; what is returned counts a message.
 */
function limitPings(socket: WebSocket): () => void {
  let [second, pings] = [0, 0]
  const count = (): void => {
    const now = Math.floor(performance.now() / 1000)
    pings = now === second ? pings + 1 : 1
    second = now
    if (pings > maxPerSecond) socket.close(1008, 'Too many pings')
  }
  socket.on('ping', count)
  return count
}

/** The answer to a ping message. The protocol leaves open what it carries. */
function pongTo(payload: PongMessage['payload']): string {
  const isSmall = payload !== undefined && JSON.stringify(payload).length <= maxEcho
  return JSON.stringify({ type: MessageType.Pong, ...(isSmall && { payload }) })
}

/** The payload of the last ping, until its pong has come. */
const unanswered = new WeakMap<WebSocket, Buffer>()

/** Takes the pong to the last ping. Other pongs prove nothing: a client that reads nothing can send them. */
function hearPongs(socket: WebSocket): void {
  socket.on('pong', (data) => {
    if (unanswered.get(socket)?.equals(data)) unanswered.delete(socket)
  })
}

/** Pings every socket, and ends those that have not answered the ping before: they are dead or do not read. */
export function keepAlive(sockets: Iterable<WebSocket>): void {
  for (const socket of sockets) {
    if (unanswered.has(socket)) socket.terminate()
    else if (socket.readyState === socket.OPEN) {
      const nonce = randomBytes(8)
      unanswered.set(socket, nonce)
      socket.ping(nonce)
    }
  }
}
