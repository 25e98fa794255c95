/** What a subscription has delivered: take the next item, or the next that fits, waiting for it. */
export class Inbox<T> {
  readonly seen: T[] = []
  #read = 0
  #wake: () => void = () => {}

  put(item: T): void {
    this.seen.push(item)
    this.#wake()
  }

  async next(fits: (item: T) => boolean = () => true): Promise<T> {
    for (;;) {
      while (this.#read < this.seen.length) {
        const item = this.seen[this.#read++] as T
        if (fits(item)) return item
      }
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
