interface Limits {
  readonly all: number
  /** So that one caller cannot take all of it. */
  readonly perCaller: number
}

/** Counts connections, or what is open on them, in all and by caller. */
export class ConnectionLimit {
  readonly #limits: Limits
  readonly #callers = new Map<string, number>()
  #taken = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  isFullFor(caller: string): boolean {
    const { all, perCaller } = this.#limits
    return this.#taken >= all || (this.#callers.get(caller) ?? 0) >= perCaller
  }

  /** Counts one more, also beyond the limit, until what it returns is called: once or more often. */
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
    const taken = (this.#callers.get(caller) ?? 0) + by
    if (taken === 0) this.#callers.delete(caller)
    else this.#callers.set(caller, taken)
  }
}
