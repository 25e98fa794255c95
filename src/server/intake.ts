import type { NewEvent } from '../events/event.ts'
import { StoreUnavailable, type Appended, type EventLog } from '../events/log.ts'

/** Without an append that shows it, a store that failed is taken to be well again after this time. */
const doubtMs = 10_000

/** The log as webhooks reach it, and whether it takes them. Reads may go on when a full disk takes no more. */
export class Intake {
  readonly #log: Pick<EventLog, 'append'>
  #failedAt = -Infinity

  constructor(log: Pick<EventLog, 'append'>) {
    this.#log = log
  }

  async append(events: readonly NewEvent[]): Promise<Appended> {
    try {
      const appended = await this.#log.append(events)
      this.#failedAt = -Infinity
      return appended
    } catch (error) {
      if (error instanceof StoreUnavailable) this.#failedAt = performance.now()
      throw error
    }
  }

  get isFailing(): boolean {
    return performance.now() - this.#failedAt < doubtMs
  }
}
