import type { NewEvent } from './event.ts'

/** Who hears of every event before anybody who follows the log does. */
export interface EventObserver {
  onEvents(events: readonly NewEvent[]): void
  /** Events may have come that nobody can name. */
  onGap(): void
}

const most = 20_000

/** Tells of each event once, whether the store brought it or this process has just appended it. */
export class ObserverNotifier {
  readonly #told = new Set<string>()
  #news: EventObserver | null = null

  notify(events: readonly NewEvent[]): void {
    const untold = events.filter(({ dedupeKey }) => !this.#told.has(dedupeKey))
    for (const { dedupeKey } of untold) this.#told.add(dedupeKey)
    for (const oldest of this.#told) {
      if (this.#told.size <= most) break
      this.#told.delete(oldest)
    }
    if (untold.length > 0) this.#news?.onEvents(untold)
  }

  missed(): void {
    this.#news?.onGap()
  }

  setObserver(news: EventObserver): void {
    this.#news = news
  }
}
