/** Promises that one call resolves together. A waiter whose signal ends is removed. */
export class Waiters {
  readonly #waiting = new Set<() => void>()

  get size(): number {
    return this.#waiting.size
  }

  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done)
    })
  }

  wake(): void {
    for (const done of this.#waiting) done()
  }
}
