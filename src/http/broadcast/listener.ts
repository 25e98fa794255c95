import { setImmediate as turn } from 'node:timers/promises'
import { Lagged } from '../../feed/stream-item.graphql.ts'
import { pageSize, type Audience } from './audience.ts'
import type { Outlet } from './outlet.ts'
import type { Shown } from './shown.ts'

/**
 * One who listens: with the audience while it keeps up, and else by itself from its own position, until it has come up
 * to the others. All that is kept for it is that position.
 */
export class Listener {
  readonly #audience: Audience
  readonly #outlet: Outlet
  readonly #ended = Promise.withResolvers<void>()
  #isOver = false
  /** It has everything up to here. */
  position: number

  constructor(audience: Audience, outlet: Outlet, from: number) {
    this.#audience = audience
    this.#outlet = outlet
    this.position = from
  }

  /** Settles when nothing more comes, and fails with what it failed with. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** What was missed is said first. */
  begin(first: () => Shown | Promise<Shown> | null): void {
    void this.#alone(first)
  }

  /** Whether it is still with the others. */
  hear(batch: readonly Shown[]): boolean {
    const news = (batch[0]?.seq ?? 0) > this.position ? batch : this.#newsOf(batch)
    if (news.length === 0) return true
    if (!this.#outlet.isFree) {
      void this.#alone()
      return false
    }
    this.#take(news)
    return true
  }

  /** Nothing is missed by who has no time for a heartbeat. */
  beat(heartbeat: Shown): void {
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

  async #alone(first?: () => Shown | Promise<Shown> | null): Promise<void> {
    try {
      await this.#outlet.freed()
      const before = await first?.()
      if (before && !this.#isOver) this.#take([before])
      while (!(await this.#isBack()));
    } catch (error) {
      this.fail(error)
    }
  }

  /** A page further: whether that was up to the others. */
  async #isBack(): Promise<boolean> {
    await this.#outlet.freed()
    if (this.#isOver) return true
    const { from, events, upTo } = await this.#audience.read(this.position)
    if (from > this.position) await this.#lag(from)
    for await (const batch of this.#audience.show(events)) {
      if (this.#isOver) return true
      this.#take(batch)
      await this.#outlet.freed()
    }
    if (this.#isOver) return true
    this.position = upTo
    if (events.length < pageSize) return this.#audience.admits(this)
    await turn()
    return false
  }

  /** Retention came by while it was behind. */
  async #lag(to: number): Promise<void> {
    const lagged = await this.#audience.showOne(new Lagged(to))
    if (this.#isOver) return
    this.#take([lagged])
    await this.#outlet.freed()
  }

  #take(batch: readonly Shown[]): void {
    this.position = batch.at(-1)?.seq ?? this.position
    this.#outlet.take(batch)
  }

  #newsOf(batch: readonly Shown[]): readonly Shown[] {
    return batch.filter(({ seq }) => seq > this.position)
  }

  #close(error?: unknown): void {
    this.#isOver = true
    this.#audience.leave(this)
    this.#outlet.close(error)
  }
}
