/**
 * When what was last evicted, counted and not timed. Whatever was asked of Graph before an id was evicted is not
 * believed of that id afterwards, also when the answer comes later.
 */
export class EvictionClock {
  // Two halves, and the older one is dropped as a whole: a Map that loses its oldest entries one by one becomes slow.
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  /** The newest stamp in the older half. */
  #oldNewest = 0
  readonly #half: number
  #now = 0
  /** Everything from before is stale, whatever it is of. */
  #floor = 0

  constructor(most = 100_000) {
    this.#half = Math.max(1, Math.floor(most / 2))
  }

  get now(): number {
    return this.#now
  }

  evict(ids: readonly string[]): void {
    this.#now += 1
    for (const id of ids) this.#young.set(id, this.#now)
    if (this.#young.size >= this.#half) this.#turn()
  }

  evictAll(): void {
    this.#now += 1
    this.#floor = this.#now
    this.#young.clear()
    this.#old.clear()
  }

  /** Whether nothing of this has been evicted since. */
  isCurrent(since: number, ids: readonly string[]): boolean {
    if (since === this.#now) return true
    return since >= this.#floor && ids.every((id) => this.#stampOf(id) <= since)
  }

  #stampOf(id: string): number {
    return this.#young.get(id) ?? this.#old.get(id) ?? 0
  }

  #turn(): void {
    this.#floor = Math.max(this.#floor, this.#oldNewest)
    this.#oldNewest = this.#now
    this.#old = this.#young
    this.#young = new Map()
  }
}
