import type { Shown } from './shown.ts'

type Showing = Shown | Promise<Shown>

const most = 64
// Long enough for all who are connected to be served, short enough that a late one sees Graph as it is then.
const lifetimeMs = 2_000

/** The last few items that were shown, for those who come to them a little later. */
export class Shelf {
  readonly #items = new Map<number, Showing>()

  get size(): number {
    return this.#items.size
  }

  of(seq: number, show: () => Showing): Showing {
    const known = this.#items.get(seq)
    if (known !== undefined) return known
    const shown = show()
    this.#items.set(seq, shown)
    setTimeout(() => this.#drop(seq, shown), lifetimeMs).unref()
    if (this.#items.size > most) this.#dropOldest()
    return shown
  }

  #drop(seq: number, shown: Showing): void {
    if (this.#items.get(seq) === shown) this.#items.delete(seq)
  }

  #dropOldest(): void {
    for (const seq of this.#items.keys()) return void this.#items.delete(seq)
  }
}
