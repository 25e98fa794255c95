/** What a subscription has delivered: take the next item, or the next that fits, waiting for it. */
export class Inbox<T> {
  readonly seen: T[] = []
  #read = 0
  #end: string | null = null
  #wake: () => void = () => {}

  put(item: T): void {
    this.seen.push(item)
    this.#wake()
  }

  /** Nothing comes any more: who waits for what has not come waits in vain. */
  end(why: string): void {
    this.#end = why
    this.#wake()
  }

  async next(fits: (item: T) => boolean = () => true): Promise<T> {
    for (;;) {
      while (this.#read < this.seen.length) {
        const item = this.seen[this.#read++] as T
        if (fits(item)) return item
      }
      if (this.#end !== null) throw new Error(`No such item came before the end: ${this.#end}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
