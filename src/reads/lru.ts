export interface Bounds {
  readonly entries: number
  readonly bytes: number
}

interface Held<V> {
  readonly value: V
  readonly bytes: number
}

/** A map of what was used last, bounded by number and by size. */
export class Lru<V> {
  readonly #held = new Map<string, Held<V>>()
  readonly #bounds: Bounds
  #bytes = 0

  constructor(bounds: Bounds) {
    this.#bounds = bounds
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

  set(key: string, value: V, bytes: number): void {
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
