import type { Batch, Outlet, SharedResult } from './outlet.ts'

/** What a subscriber follows. */
export interface Source {
  /** Everything behind a position up to the live end, in batches. `passed` hears how far each page of the log went. */
  since(position: number, passed: (upTo: number) => void): AsyncGenerator<Batch, void, void>
  /** Takes one in who has come up to the others; false when they are further already. */
  join(subscriber: Subscriber): boolean
  leave(subscriber: Subscriber): void
}

/**
 * One subscription: with the others of its broadcast while it keeps up, and else by itself from its own position, until
 * it has come up to them again. That position is all that is kept for it.
 */
export class Subscriber {
  readonly #source: Source
  readonly #outlet: Outlet
  readonly #ended = Promise.withResolvers<void>()
  #isOver = false
  /** Everything up to here has been sent. */
  position: number

  constructor(source: Source, outlet: Outlet, from: number) {
    this.#source = source
    this.#outlet = outlet
    this.position = from
    // Who pulls hears of a failure from the outlet.
    this.#ended.promise.catch(() => {})
  }

  /** Settles when nothing more comes, and fails with what it failed with. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** Begins with the first result, if there is one, and with history. */
  async begin(first?: () => SharedResult | Promise<SharedResult>): Promise<void> {
    await this.#try(async () => {
      await this.#outlet.freed()
      const result = await first?.()
      if (result && !this.#isOver) this.#take([result])
      await this.#catchUp()
    })
  }

  /** Takes what all are sent; false when it has no room, and goes on by itself. */
  receive(batch: Batch): boolean {
    const isNew = (batch[0]?.seq ?? 0) > this.position
    const news = isNew ? batch : batch.filter(({ seq }) => seq > this.position)
    if (news.length > 0 && !this.#outlet.isFree) {
      void this.#try(() => this.#catchUp())
      return false
    }
    if (news.length > 0) this.#take(news)
    return true
  }

  /** Who has no room for a heartbeat misses nothing. */
  beat(heartbeat: SharedResult): void {
    if (this.#outlet.isFree && heartbeat.seq >= this.position) this.#take([heartbeat])
  }

  end(): void {
    this.#close()
    this.#ended.resolve()
  }

  fail(error: unknown): void {
    if (this.#isOver) return
    this.#close(error)
    this.#ended.reject(error as Error)
  }

  async #catchUp(): Promise<void> {
    do {
      await this.#outlet.freed()
      for await (const batch of this.#source.since(this.position, (upTo) => (this.position = upTo))) {
        if (this.#isOver) return
        this.#take(batch)
        await this.#outlet.freed()
        if (this.#isOver) return
      }
    } while (!this.#isOver && !this.#source.join(this))
  }

  async #try(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.fail(error))
  }

  #take(batch: Batch): void {
    this.position = batch.at(-1)?.seq ?? this.position
    this.#outlet.take(batch)
  }

  #close(error?: unknown): void {
    this.#isOver = true
    this.#source.leave(this)
    this.#outlet.close(error)
  }
}
