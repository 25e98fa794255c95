import type { WebSocket } from 'ws'

/** Characters that may wait to leave before nothing more is read. */
const most = 256 * 1024

/**
 * What one socket is answered. Who asks and does not read is asked to wait, as any TCP peer is: nothing more is read of
 * it until what it was answered has left.
 */
export class Answers {
  readonly #socket: WebSocket
  #waiting = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /**
   * Resolves when the data has left, so that a slow reader is asked for no next event. What a socket that has gone cannot
   * take is dropped: its close ends the operations.
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
