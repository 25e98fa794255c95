export interface Bounds {
  readonly entries: number
  readonly bytes: number
}

interface HeldEntry<V> {
  readonly value: V
  readonly bytes: number
}

/** A map that is bounded by number, and by size where one is given: what was not used for the longest time leaves first. */
export class Lru<V> {
  readonly #held = new Map<string, HeldEntry<V>>()
  readonly #bounds: Bounds
  #bytes = 0

  constructor({ entries, bytes = Infinity }: Pick<Bounds, 'entries'> & Partial<Bounds>) {
    this.#bounds = { entries, bytes }
  }

  get size(): number {
    return this.#held.size
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): V | undefined {
    const held = this.#held.get(key)
    if (!held) return undefined
    this.#held.delete(key)
    this.#held.set(key, held)
    return held.value
  }

  /** Without a use of it. */
  peek(key: string): V | undefined {
    return this.#held.get(key)?.value
  }

  set(key: string, value: V, bytes = 0): void {
    this.delete(key)
    this.#held.set(key, { value, bytes })
    this.#bytes += bytes
    if (this.#isFull) this.#shrink()
  }

  delete(key: string): void {
    const held = this.#held.get(key)
    if (!held) return
    this.#bytes -= held.bytes
    this.#held.delete(key)
  }

  *entries(): Iterable<readonly [string, V]> {
    for (const [key, { value }] of this.#held) yield [key, value]
  }

  clear(): void {
    this.#held.clear()
    this.#bytes = 0
  }

  get #isFull(): boolean {
    return this.#held.size > this.#bounds.entries || this.#bytes > this.#bounds.bytes
  }

  #shrink(): void {
    for (const oldest of this.#held.keys()) {
      if (!this.#isFull) return
      this.delete(oldest)
    }
  }
}
