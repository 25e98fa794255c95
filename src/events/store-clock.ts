import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

const roundMs = 10_000
/** A measurement that took longer says little, and is made again. */
const exactMs = 100
const tries = 3
/** From here on a difference is said. */
const largeMs = 5_000
/** For so long what was measured before counts beside what is measured now: longer than the age of a record decides. */
const memoryMs = 150_000
/** Of the own clocks: when they have drifted apart so far, one was set or the machine was suspended. */
const driftMs = 1_000

/** A moment by each of the clocks. */
interface Moment {
  readonly store: number
  readonly wall: number
  readonly monotonic: number
  /** The store's time was read somewhere within this. */
  readonly withinMs: number
}

/**
 * The store's time, for what instances share: measured at the start and every ten seconds, and between two measurements
 * told by this machine's monotonic clock. What the own wall clock says is of no account, and its difference is shown.
 */
export class StoreClock {
  readonly #read: () => Promise<number>
  readonly #logger: Pick<Logger, 'warn'>
  #last: Moment = { store: Date.now(), wall: Date.now(), monotonic: performance.now(), withinMs: Infinity }
  #earlier: readonly Moment[] = []
  #measuring: Promise<void> | null = null
  #saidMs = 0

  constructor(read: () => Promise<number>, logger: Pick<Logger, 'warn'>) {
    this.#read = read
    this.#logger = logger
  }

  /** By how much the own wall clock was ahead when it was last measured; less than the uncertainty counts as nothing. */
  get skewMs(): number {
    const { store, wall, withinMs } = this.#last
    const ahead = wall - store
    return Math.abs(ahead) <= withinMs ? 0 : ahead
  }

  /** The skew in seconds when it is large; null otherwise. */
  get largeSkewSeconds(): number | null {
    return Math.abs(this.skewMs) < largeMs ? null : Math.round(this.skewMs / 1000)
  }

  readonly now = (): number => {
    const { store, wall, monotonic } = this.#last
    const passed = performance.now() - monotonic
    if (Math.abs(Date.now() - wall - passed) > driftMs) void this.measure().catch(() => {})
    return Math.floor(store + passed)
  }

  /**
   * The store's time by whichever measurement of the last minutes makes it earliest: a clock that was set ahead, or another
   * server that has taken over, makes nothing old.
   */
  readonly earliest = (): number => {
    const monotonic = performance.now()
    const all = this.#earlier.map((moment) => moment.store + monotonic - moment.monotonic)
    return Math.floor(Math.min(this.now(), ...all))
  }

  /** Measures anew. Rejects when the store cannot be read. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => (this.#measuring = null))
    return this.#measuring
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(roundMs, undefined, { signal, ref: false }).catch(() => {})
      if (!signal.aborted) await this.measure().catch(() => {})
    }
  }

  async #measure(): Promise<void> {
    const found = [await this.#look()]
    while (found.length < tries && (found.at(-1)?.withinMs ?? 0) > exactMs) found.push(await this.#look())
    this.#last = found.reduce((best, one) => (one.withinMs <= best.withinMs ? one : best))
    const since = this.#last.monotonic - memoryMs
    this.#earlier = [...this.#earlier.filter(({ monotonic }) => monotonic > since), this.#last]
    this.#say()
  }

  async #look(): Promise<Moment> {
    const begun = performance.now()
    const store = await this.#read()
    const ended = performance.now()
    const halfMs = (ended - begun) / 2
    return { store, wall: Date.now() - halfMs, monotonic: ended - halfMs, withinMs: halfMs + 1 }
  }

  /** Once, until it changes. */
  #say(): void {
    const { skewMs } = this
    if (Math.abs(skewMs - this.#saidMs) < largeMs) return
    this.#saidMs = Math.abs(skewMs) < largeMs ? 0 : skewMs
    const seconds = Math.round(skewMs / 1000)
    this.#logger.warn(
      { clockSkewSeconds: seconds },
      this.#saidMs === 0
        ? "this machine's clock is right again by the store's"
        : "this machine's clock differs from the store's, by which instances go: set it",
    )
  }
}
