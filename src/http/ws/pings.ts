import { MessageType, type PongMessage } from 'graphql-ws'
import type { WebSocket } from 'ws'

const maxPerSecond = 20
/** Characters of a payload that comes back: as many as a ping frame may have bytes. */
const maxEcho = 125

/**
 * Each ping costs an answer, as a frame or as a message: more than anybody needs end the socket. Frames are counted from
 * here on; what is returned counts a message.
 */
export function limitPings(socket: WebSocket): () => void {
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
export function pongTo(payload: PongMessage['payload']): string {
  const isSmall = payload !== undefined && JSON.stringify(payload).length <= maxEcho
  return JSON.stringify({ type: MessageType.Pong, ...(isSmall && { payload }) })
}
