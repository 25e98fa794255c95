import type { StoredEvent } from './event.ts'
import type { EventFilter } from './log.ts'

export interface TailLimits {
  /** How many of the newest events are held. */
  readonly events: number
  /** How many characters of payload they may have together. */
  readonly characters: number
}

/** The events behind `from`, up to and including `to`: a range of the log in memory without holes. */
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

  /** Whether every event behind this position is in the range. */
  covers(seq: number): boolean {
    return seq >= this.#from
  }

  /** Adds the events of the log behind `to`, up to `upTo`. The oldest are dropped when there are too many. */
  extend(events: readonly StoredEvent[], upTo: number): void {
    this.#events.push(...events)
    for (const { payload } of events) this.#characters += payload.length
    this.#to = upTo
    this.#trim()
  }

  /** The first events behind a position that match. */
  after(seq: number, matches: (event: StoredEvent) => boolean, limit: number): readonly StoredEvent[] {
    const found: StoredEvent[] = []
    for (let index = this.#firstBehind(seq); index < this.#events.length && found.length < limit; index++) {
      const event = this.#events[index]
      if (event && matches(event)) found.push(event)
    }
    return found
  }

  /** Drops a quarter at once, so that the rest is not copied for each new event. */
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

/** The filter as a predicate, for events in memory. */
export function matcherOf({ appIds, kinds, sources, solutionId, wabaId }: EventFilter) {
  const [apps, ofKind, from] = [new Set(appIds), kinds && new Set(kinds), sources && new Set(sources)]
  return (event: StoredEvent): boolean =>
    apps.has(event.appId) &&
    (ofKind?.has(event.kind) ?? true) &&
    (from?.has(event.source) ?? true) &&
    (solutionId === undefined || solutionId === event.solutionId) &&
    (wabaId === undefined || wabaId === event.wabaId)
}
