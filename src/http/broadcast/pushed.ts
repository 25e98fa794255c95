import type { WebSocket } from 'ws'
import type { Duplex } from 'node:stream'
import type { Outlet } from './outlet.ts'
import type { Shown } from './shown.ts'

/**
 * The items of one operation on a socket, as `next` messages of graphql-transport-ws. It is free when the socket has
 * passed everything on, so a slow reader has one small batch waiting at most.
 */
export class Pushed implements Outlet {
  readonly #socket: WebSocket
  readonly #stream: Duplex
  readonly #head: string
  #isFree = true
  #isClosed = false
  #wanted: PromiseWithResolvers<void> | null = null

  constructor(socket: WebSocket, stream: Duplex, id: string) {
    this.#socket = socket
    this.#stream = stream
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
  }

  get isFree(): boolean {
    return this.#isFree
  }

  freed(): Promise<void> {
    if (this.#isFree || this.#isClosed) return Promise.resolve()
    this.#wanted ??= Promise.withResolvers()
    return this.#wanted.promise
  }

  take(items: readonly Shown[]): void {
    // What a socket that has gone cannot take is dropped: its close ends the operations.
    if (this.#isClosed || this.#socket.readyState !== this.#socket.OPEN) return
    this.#isFree = false
    if (items.length === 1) return this.#send(items[0] as Shown, this.#left)
    this.#stream.cork()
    for (const [index, item] of items.entries())
      this.#send(item, index === items.length - 1 ? this.#left : undefined)
    this.#stream.uncork()
  }

  close(): void {
    this.#isClosed = true
    this.#letGo()
  }

  #send({ text }: Shown, left: (() => void) | undefined): void {
    this.#socket.send(`${this.#head}${text}}`, left)
  }

  readonly #left = (): void => {
    this.#isFree = true
    this.#letGo()
  }

  #letGo(): void {
    this.#wanted?.resolve()
    this.#wanted = null
  }
}
