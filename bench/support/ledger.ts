import { setTimeout as sleep } from 'node:timers/promises'

/** A transport whose items stay away for so long has lost them. */
const patienceMs = 30_000

/** Knows when each event was sent, and waits until every subscriber has it, once. */
export class Ledger {
  /** Milliseconds from sending to arrival, of each item. */
  readonly latencies: number[] = []
  readonly #subscribers: number
  readonly #sent = new Map<string, { at: number; missing: number }>()
  #missing = 0
  #done: () => void = () => {}

  constructor(subscribers: number) {
    this.#subscribers = subscribers
  }

  sending(wabaId: string, at = performance.now()): void {
    this.#sent.set(wabaId, { at, missing: this.#subscribers })
    this.#missing += this.#subscribers
  }

  arrived(wabaId: string): void {
    const event = this.#sent.get(wabaId)
    if (!event || event.missing-- === 0) throw new Error(`Account ${wabaId} came once too often`)
    this.latencies.push(performance.now() - event.at)
    if (--this.#missing === 0) this.#done()
  }

  async complete(): Promise<void> {
    const late = new AbortController()
    const done = new Promise<void>((resolve) => (this.#done = resolve))
    const timeout = sleep(patienceMs, undefined, { signal: late.signal }).then(() => {
      throw new Error(`${this.#missing} items did not come`)
    })
    if (this.#missing > 0) await Promise.race([done, timeout])
    late.abort()
    timeout.catch(() => {})
  }
}
