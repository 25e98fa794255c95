import type { NewEvent } from './event.ts'

/** Who hears of every event before anybody who follows the log does. */
export interface News {
  came(events: readonly NewEvent[]): void
  /** Events may have come that nobody can name. */
  missed(): void
}

const most = 20_000

/** Tells of each event once, whether the store brought it or this process has just appended it. */
export class Teller {
  readonly #told = new Set<string>()
  #news: News | null = null

  tell(events: readonly NewEvent[]): void {
    const untold = events.filter(({ dedupeKey }) => !this.#told.has(dedupeKey))
    for (const { dedupeKey } of untold) this.#told.add(dedupeKey)
    for (const oldest of this.#told) {
      if (this.#told.size <= most) break
      this.#told.delete(oldest)
    }
    if (untold.length > 0) this.#news?.came(untold)
  }

  missed(): void {
    this.#news?.missed()
  }

  to(news: News): void {
    this.#news = news
  }
}
