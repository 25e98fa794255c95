import { setImmediate as turn } from 'node:timers/promises'
import { Heartbeat, Lagged, type StreamItem } from '../../feed/stream-item.graphql.ts'
import { logFields } from '../../log.ts'
import type { Clock } from '../../lib/clock.ts'
import type { StoredEvent } from '../../events/event.ts'
import type { EventFilter, EventLog } from '../../events/log.ts'
import type { Batch, SharedResult } from './outlet.ts'
import type { Source, Subscriber } from './subscriber.ts'

const eventsPerRead = 64
/** After so many subscribers others have a turn. */
const subscribersPerTurn = 500

export interface BroadcastOptions {
  readonly log: EventLog
  readonly filter: EventFilter
  readonly heartbeatMs: number
  readonly clock: Clock
  /** Ends when the gateway stops: all subscriptions complete. */
  readonly draining: AbortSignal
  /** Executes the operation for one item. */
  execute(item: StreamItem): SharedResult | Promise<SharedResult>
}

/**
 * All subscribers that want the same with the same rights. One loop reads the log and executes each event once, for those
 * who stand at its live end. Who is not there yet, or has no room for a result when it comes, reads by itself from its own
 * position and joins the others when it has come up to them.
 */
export class Broadcast implements Source {
  readonly #options: BroadcastOptions
  readonly #results = new ResultCache()
  readonly #subscribers = new Set<Subscriber>()
  readonly #live = new Set<Subscriber>()
  readonly #onEmpty: () => void
  #run: AbortController | null = null
  /** Those who are live have everything up to here. */
  #position = 0
  #sentAt = 0

  constructor(options: BroadcastOptions, onEmpty: () => void) {
    this.#options = options
    this.#onEmpty = onEmpty
    options.draining.addEventListener('abort', this.#end)
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber)
    if (this.#options.draining.aborted) subscriber.end()
  }

  leave(subscriber: Subscriber): void {
    this.#live.delete(subscriber)
    if (!this.#subscribers.delete(subscriber) || this.#subscribers.size > 0) return
    this.#run?.abort()
    this.#options.draining.removeEventListener('abort', this.#end)
    this.#onEmpty()
  }

  join(subscriber: Subscriber): boolean {
    if (this.#run && subscriber.position < this.#position) return false
    this.#live.add(subscriber)
    if (!this.#run) {
      this.#run = new AbortController()
      this.#position = subscriber.position
      const run = this.#run
      // For all subscribers: its lines in the log have no name of the request that came first.
      logFields.run(undefined, () => void this.#sendFrom(run))
    }
    return true
  }

  /** A result that is nobody else's. */
  execute(item: StreamItem): SharedResult | Promise<SharedResult> {
    return this.#options.execute(item)
  }

  async *since(position: number, passed: (upTo: number) => void): AsyncGenerator<Batch, void, void> {
    for (let at = position; ; await turn()) {
      const { from, events, upTo } = await this.#options.log.readAfter(
        at,
        this.#options.filter,
        eventsPerRead,
      )
      // Retention has taken what was next.
      if (from > at) yield [await this.execute(new Lagged(from))]
      yield* this.#resultsOf(events)
      at = upTo
      passed(upTo)
      if (events.length < eventsPerRead) return
    }
  }

  /** Together what needs no waiting. An event that does comes by itself, when those before it have been sent. */
  async *#resultsOf(events: readonly StoredEvent[]): AsyncGenerator<Batch, void, void> {
    let batch: SharedResult[] = []
    for (const event of events) {
      const result = this.#results.of(event.seq, () => this.execute(event))
      if (!(result instanceof Promise)) {
        batch.push(result)
        continue
      }
      if (batch.length > 0) yield batch
      yield [await result]
      batch = []
    }
    if (batch.length > 0) yield batch
  }

  readonly #end = (): void => {
    for (const subscriber of this.#subscribers) subscriber.end()
  }

  async #sendFrom(run: AbortController): Promise<void> {
    const { log } = this.#options
    const { signal } = run
    this.#sentAt = performance.now()
    try {
      // Armed before the read that it covers: an append between the read and the wait still wakes.
      let woken = log.appended(signal)
      while (this.#live.size > 0 && !signal.aborted) {
        for await (const batch of this.since(this.#position, (upTo) => (this.#position = upTo)))
          await this.#send(batch)
        await this.#beatUntil(woken)
        woken = log.appended(signal)
      }
    } catch (error) {
      for (const subscriber of this.#live) subscriber.fail(error)
    } finally {
      this.#run = null
      run.abort()
    }
  }

  async #send(batch: Batch): Promise<void> {
    const [first, last] = [batch[0]?.seq ?? 0, batch.at(-1)?.seq ?? 0]
    // The log was restored to an earlier time: what comes has other positions than what came.
    if (first <= this.#position) for (const subscriber of this.#live) subscriber.position = first - 1
    this.#position = last
    this.#sentAt = performance.now()
    let sent = 0
    for (const subscriber of this.#live) {
      if (!subscriber.receive(batch)) this.#live.delete(subscriber)
      if (++sent % subscribersPerTurn === 0) await turn()
    }
  }

  /** Heartbeats for as long as nothing comes. */
  async #beatUntil(woken: Promise<void>): Promise<void> {
    for (;;) {
      const quietMs = this.#sentAt + this.#options.heartbeatMs - performance.now()
      if (quietMs > 0 && (await comesWithin(woken, quietMs))) return
      if (this.#live.size > 0) await this.#beat()
      this.#sentAt = performance.now()
    }
  }

  async #beat(): Promise<void> {
    const heartbeat = await this.execute(new Heartbeat(this.#position, this.#options.clock()))
    for (const subscriber of this.#live) subscriber.beat(heartbeat)
  }
}

const mostResults = 64
// Long enough for all who are connected to be served, short enough that a late one sees Graph as it is then.
const resultMs = 2_000

/** The last few results, for those who come to the same events a little later. */
export class ResultCache {
  readonly #results = new Map<number, SharedResult | Promise<SharedResult>>()

  get size(): number {
    return this.#results.size
  }

  of(seq: number, execute: () => SharedResult | Promise<SharedResult>): SharedResult | Promise<SharedResult> {
    const known = this.#results.get(seq)
    if (known !== undefined) return known
    const result = execute()
    this.#results.set(seq, result)
    setTimeout(() => this.#drop(seq, result), resultMs).unref()
    const [oldest] = this.#results.keys()
    if (this.#results.size > mostResults && oldest !== undefined) this.#results.delete(oldest)
    return result
  }

  #drop(seq: number, result: SharedResult | Promise<SharedResult>): void {
    if (this.#results.get(seq) === result) this.#results.delete(seq)
  }
}

async function comesWithin(coming: Promise<void>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, ms, false)
  return Promise.race([coming.then(() => true), promise]).finally(() => clearTimeout(timer))
}
