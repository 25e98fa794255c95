import type { StoredEvent } from './event.ts'
import type { EventFilter } from './log.ts'

export interface TailLimits {
  /** How many of the newest events are kept. */
  readonly events: number
  /** And how many characters of payload they may have together. */
  readonly characters: number
}

/** Every event behind `from`, up to and with `to`: an unbroken piece of the log in memory. */
export class RecentEvents {
  readonly #limits: TailLimits
  #events: StoredEvent[] = []
  #characters = 0
  #from: number
  #to: number

  constructor(at: number, limits: TailLimits) {
    this.#from = at
    this.#to = at
    this.#limits = limits
  }

  get to(): number {
    return this.#to
  }

  /** Whether everything behind this position is here. */
  covers(seq: number): boolean {
    return seq >= this.#from
  }

  /** What the log has behind `to`, up to `upTo`. The oldest make room. */
  extend(events: readonly StoredEvent[], upTo: number): void {
    this.#events.push(...events)
    for (const { payload } of events) this.#characters += payload.length
    this.#to = upTo
    this.#trim()
  }

  /** The first that match behind a position. */
  after(seq: number, matches: (event: StoredEvent) => boolean, limit: number): readonly StoredEvent[] {
    const found: StoredEvent[] = []
    for (let index = this.#firstBehind(seq); index < this.#events.length && found.length < limit; index++) {
      const event = this.#events[index]
      if (event && matches(event)) found.push(event)
    }
    return found
  }

  /** When it is too much, a quarter goes at once: the rest is not copied for each event that comes. */
  #trim(): void {
    const { events, characters } = this.#limits
    if (this.#events.length <= events && this.#characters <= characters) return
    let drop = Math.max(0, this.#events.length - Math.floor(events * 0.75))
    for (let index = 0; index < this.#events.length; index++) {
      if (index >= drop && this.#characters <= characters * 0.75) break
      this.#characters -= this.#events[index]?.payload.length ?? 0
      drop = Math.max(drop, index + 1)
    }
    this.#from = this.#events[drop - 1]?.seq ?? this.#from
    this.#events = this.#events.slice(drop)
  }

  #firstBehind(seq: number): number {
    let [low, high] = [0, this.#events.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#events[middle]?.seq ?? 0) > seq) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** The filter in plain code, for events that are in memory. */
export function matcherOf({ appIds, kinds, sources, solutionId, wabaId }: EventFilter) {
  const [apps, ofKind, from] = [new Set(appIds), kinds && new Set(kinds), sources && new Set(sources)]
  return (event: StoredEvent): boolean =>
    apps.has(event.appId) &&
    (ofKind?.has(event.kind) ?? true) &&
    (from?.has(event.source) ?? true) &&
    (solutionId === undefined || solutionId === event.solutionId) &&
    (wabaId === undefined || wabaId === event.wabaId)
}
