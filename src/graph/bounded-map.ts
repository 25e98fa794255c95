/** A map that forgets the entry that was not asked for the longest when it is full. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#most) this.#entries.delete(this.#entries.keys().next().value ?? '')
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  entries(): Iterable<readonly [string, V]> {
    return this.#entries
  }
}
