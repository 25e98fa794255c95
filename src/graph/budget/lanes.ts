import { BoundedMap } from '../bounded-map.ts'
import { NEW_LANE, type Lane } from './lane.ts'

const MOST = 10_000

/** What is known of each budget. Those that Graph has stopped have a place of their own: no others push them out. */
export class Lanes {
  readonly #going = new BoundedMap<Lane>(MOST)
  readonly #stopped = new BoundedMap<Lane>(MOST)

  get(key: string): Lane {
    return this.#stopped.get(key) ?? this.#going.get(key) ?? NEW_LANE
  }

  set(key: string, lane: Lane): void {
    if (lane.stop === null) this.#stopped.delete(key)
    else this.#going.delete(key)
    const place = lane.stop === null ? this.#going : this.#stopped
    place.set(key, lane)
  }

  *entries(): Iterable<readonly [string, Lane]> {
    yield* this.#stopped.entries()
    yield* this.#going.entries()
  }
}
