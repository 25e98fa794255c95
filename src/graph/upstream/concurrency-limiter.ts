import type { Deadline } from '../deadline.ts'
import { GraphError } from '../error.ts'
import type { Limits } from '../limits.ts'

interface Waiter {
  readonly keys: readonly string[]
  enter(): void
}

/** Lets so many requests under way for each key, and altogether. The others wait, while their deadline runs. */
export class ConcurrencyLimiter {
  readonly #limits: Pick<Limits, 'perObject' | 'total' | 'waiting'>
  readonly #taken = new Map<string, number>()
  readonly #waiting = new Set<Waiter>()
  #total = 0

  constructor(limits: Pick<Limits, 'perObject' | 'total' | 'waiting'>) {
    this.#limits = limits
  }

  /** Comes back with the way out, to be called once. */
  async enter(keys: readonly string[], deadline: Deadline): Promise<() => void> {
    if (!this.#hasRoom(keys)) await this.#wait(keys, deadline)
    else this.#take(keys)
    return () => this.#leave(keys)
  }

  /** Whether a request for this key would have to wait. */
  isFull(key: string): boolean {
    return (this.#taken.get(key) ?? 0) >= this.#limits.perObject
  }

  async #wait(keys: readonly string[], deadline: Deadline): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) {
      throw new GraphError('unavailable', 'Too many calls to Graph are waiting for their turn.', {
        retryAfterSeconds: 1,
      })
    }
    const turn = Promise.withResolvers<void>()
    let entered = false
    const waiter: Waiter = {
      keys,
      enter: () => {
        entered = true
        turn.resolve()
      },
    }
    this.#waiting.add(waiter)
    try {
      await deadline.race(turn.promise)
    } catch (error) {
      // Its turn and its end may have come in the same moment.
      if (entered) this.#leave(keys)
      throw error
    } finally {
      this.#waiting.delete(waiter)
    }
  }

  #hasRoom(keys: readonly string[]): boolean {
    return this.#total < this.#limits.total && !keys.some((key) => this.isFull(key))
  }

  #take(keys: readonly string[]): void {
    this.#total += 1
    for (const key of keys) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1)
  }

  #leave(keys: readonly string[]): void {
    this.#total -= 1
    for (const key of keys) {
      const left = (this.#taken.get(key) ?? 1) - 1
      if (left > 0) this.#taken.set(key, left)
      else this.#taken.delete(key)
    }
    this.#admit()
  }

  #admit(): void {
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#limits.total) return
      if (!this.#hasRoom(waiter.keys)) continue
      this.#waiting.delete(waiter)
      this.#take(waiter.keys)
      waiter.enter()
    }
  }
}
