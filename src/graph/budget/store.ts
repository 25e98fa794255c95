import { BoundedMap } from '../bounded-map.ts'
import { NEW_BUDGET, type Budget } from './budget.ts'

const MOST = 10_000

/** What is known of each budget. Those that Graph has stopped have a place of their own: no others push them out. */
export class BudgetStore {
  readonly #going = new BoundedMap<Budget>(MOST)
  readonly #stopped = new BoundedMap<Budget>(MOST)

  get(key: string): Budget {
    return this.#stopped.get(key) ?? this.#going.get(key) ?? NEW_BUDGET
  }

  set(key: string, lane: Budget): void {
    if (lane.stop === null) this.#stopped.delete(key)
    else this.#going.delete(key)
    const place = lane.stop === null ? this.#going : this.#stopped
    place.set(key, lane)
  }

  *entries(): Iterable<readonly [string, Budget]> {
    yield* this.#stopped.entries()
    yield* this.#going.entries()
  }
}
