import { setImmediate as turn } from 'node:timers/promises'
import { Heartbeat, Lagged, type StreamItem } from '../../feed/stream-item.graphql.ts'
import type { Clock } from '../../lib/clock.ts'
import type { StoredEvent } from '../../events/event.ts'
import type { EventFilter, EventLog, Page } from '../../events/log.ts'
import type { Listener } from './listener.ts'
import { orQuiet } from './or-quiet.ts'
import { Shelf } from './shelf.ts'
import type { Shown } from './shown.ts'

export const pageSize = 64
/** So many are told before others have a turn. */
const crowd = 500

interface Performance {
  readonly log: EventLog
  readonly filter: EventFilter
  readonly heartbeatMs: number
  readonly clock: Clock
  /** Ends when the gateway stops: everybody is let go. */
  readonly draining: AbortSignal
  /** Executes the operation for one item. */
  execute(item: StreamItem): Shown | Promise<Shown>
}

/**
 * All who want the same with the same rights. One reads the log and executes each event for those who are at its live
 * end; who is not there yet, or cannot take an item when it comes, goes on by itself from its own position.
 */
export class Audience {
  readonly #of: Performance
  readonly #shelf = new Shelf()
  readonly #listeners = new Set<Listener>()
  readonly #here = new Set<Listener>()
  readonly #onEmpty: () => void
  #run: AbortController | null = null
  /** Those who are here have everything up to this. */
  #position = 0
  #toldAt = 0

  constructor(of: Performance, onEmpty: () => void) {
    this.#of = of
    this.#onEmpty = onEmpty
    of.draining.addEventListener('abort', this.#end)
  }

  add(listener: Listener): void {
    this.#listeners.add(listener)
    if (this.#of.draining.aborted) listener.end()
  }

  leave(listener: Listener): void {
    this.#here.delete(listener)
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return
    this.#run?.abort()
    this.#of.draining.removeEventListener('abort', this.#end)
    this.#onEmpty()
  }

  readonly #end = (): void => {
    for (const listener of this.#listeners) listener.end()
  }

  /** Lets one in who is not behind the others, and misses nothing from here on. */
  admits(listener: Listener): boolean {
    if (this.#run && listener.position < this.#position) return false
    this.#here.add(listener)
    if (!this.#run) {
      this.#run = new AbortController()
      this.#position = listener.position
      void this.#tellFrom(this.#run)
    }
    return true
  }

  read(position: number): Promise<Page> {
    return this.#of.log.readAfter(position, this.#of.filter, pageSize)
  }

  showOne(item: StreamItem): Shown | Promise<Shown> {
    return this.#of.execute(item)
  }

  /** Together what needs no waiting; an event that does is shown by itself, when those before it have been sent. */
  async *show(events: readonly StoredEvent[]): AsyncGenerator<readonly Shown[], void, void> {
    let batch: Shown[] = []
    for (const event of events) {
      const shown = this.#shelf.of(event.seq, () => this.#of.execute(event))
      if (!(shown instanceof Promise)) {
        batch.push(shown)
        continue
      }
      if (batch.length > 0) yield batch
      yield [await shown]
      batch = []
    }
    if (batch.length > 0) yield batch
  }

  async #tellFrom(run: AbortController): Promise<void> {
    this.#toldAt = performance.now()
    try {
      // Armed before the read that it covers: an append between the read and the wait still wakes.
      let woken = this.#of.log.appended(run.signal)
      while (this.#here.size > 0 && !run.signal.aborted) {
        const { from, events, upTo } = await this.#orBeat(this.read(this.#position))
        if (from > this.#position) await this.#tell([await this.showOne(new Lagged(from))])
        for await (const batch of this.show(events)) await this.#tell(batch)
        this.#position = upTo
        // The loop gets a turn in any case, in which what was sent can leave.
        if (events.length === pageSize) await turn()
        else {
          await this.#orBeat(woken)
          woken = this.#of.log.appended(run.signal)
        }
      }
    } catch (error) {
      for (const listener of this.#here) listener.fail(error)
    } finally {
      this.#run = null
      run.abort()
    }
  }

  async #tell(batch: readonly Shown[]): Promise<void> {
    const [first, last] = [batch[0]?.seq ?? 0, batch.at(-1)?.seq ?? 0]
    // The log was restored to an earlier time: what comes has other positions than what came.
    if (first <= this.#position) for (const listener of this.#here) listener.position = first - 1
    this.#position = last
    this.#toldAt = performance.now()
    let told = 0
    for (const listener of this.#here) {
      if (!listener.hear(batch)) this.#here.delete(listener)
      if (++told % crowd === 0) await turn()
    }
  }

  async #orBeat<T>(coming: Promise<T>): Promise<T> {
    for (;;) {
      const quietMs = this.#toldAt + this.#of.heartbeatMs - performance.now()
      const come = await orQuiet(coming, quietMs)
      if (come !== null) return come
      if (this.#here.size > 0) await this.#beat()
      this.#toldAt = performance.now()
    }
  }

  async #beat(): Promise<void> {
    const heartbeat = await this.showOne(new Heartbeat(this.#position, this.#of.clock()))
    for (const listener of this.#here) listener.beat(heartbeat)
  }
}
