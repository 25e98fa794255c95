import type { IncomingMessage } from 'node:http'

interface RoomSize {
  readonly all: number
  /** So that nobody can take all of it. */
  readonly perCaller: number
}

/** How much there is room for, in all and for each caller. */
export class Room {
  readonly #size: RoomSize
  readonly #callers = new Map<string, number>()
  #taken = 0

  constructor(size: RoomSize) {
    this.#size = size
  }

  isFullFor(caller: string): boolean {
    const { all, perCaller } = this.#size
    return this.#taken >= all || (this.#callers.get(caller) ?? 0) >= perCaller
  }

  /** Takes a place, whether there is room or not, until what it returns is called: once or more often. */
  take(caller: string): () => void {
    let isTaken = true
    this.#change(caller, 1)
    return () => {
      if (isTaken) this.#change(caller, -1)
      isTaken = false
    }
  }

  #change(caller: string, by: 1 | -1): void {
    this.#taken += by
    const places = (this.#callers.get(caller) ?? 0) + by
    if (places === 0) this.#callers.delete(caller)
    else this.#callers.set(caller, places)
  }
}

/** One API key serves all callers, so the address that a connection comes from tells them apart. */
export function callerOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? ''
}
