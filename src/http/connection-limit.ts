import type { IncomingMessage } from 'node:http'

interface Limits {
  readonly all: number
  /** So that one address cannot take all of it. */
  readonly perAddress: number
}

/** Counts connections, or what is open on them, in all and by address. */
export class ConnectionLimit {
  readonly #limits: Limits
  readonly #addresses = new Map<string, number>()
  #taken = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  isFullFor(address: string): boolean {
    const { all, perAddress } = this.#limits
    return this.#taken >= all || (this.#addresses.get(address) ?? 0) >= perAddress
  }

  /** Counts one more, also beyond the limit, until what it returns is called: once or more often. */
  take(address: string): () => void {
    let isTaken = true
    this.#change(address, 1)
    return () => {
      if (isTaken) this.#change(address, -1)
      isTaken = false
    }
  }

  #change(address: string, by: 1 | -1): void {
    this.#taken += by
    const taken = (this.#addresses.get(address) ?? 0) + by
    if (taken === 0) this.#addresses.delete(address)
    else this.#addresses.set(address, taken)
  }
}

/** One API key serves all callers, so the address that a connection comes from tells them apart. */
export function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? ''
}
