import { randomBytes } from 'node:crypto'
import type { WebSocket } from 'ws'

/** What the last ping carried, until it is answered. */
const unanswered = new WeakMap<WebSocket, Buffer>()

/** Takes the answer to the last ping. Other pongs may come from who reads nothing, and say nothing. */
export function hearPongs(socket: WebSocket): void {
  socket.on('pong', (data) => {
    if (unanswered.get(socket)?.equals(data)) unanswered.delete(socket)
  })
}

/** Pings every socket, and ends those that have not answered the ping before: nobody is there, or nobody reads. */
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
