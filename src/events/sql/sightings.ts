import { countMinute, minuteAt, sumMinutes, type Minute } from './health.ts'
import type { Sql } from './sql.ts'

/** So long a crash may take the counts of. */
const writeMs = 5000

/**
 * Counts what comes and is kept nowhere: in memory, and in the store now and then, so that a post of messages costs no
 * transaction.
 */
export class UnstoredCounter {
  readonly #sql: Sql
  #minutes: readonly Minute[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  count(appId: string, at: number, changes: number): void {
    this.#add([minuteAt(appId, at, changes, 0)])
    this.#timer ??= setTimeout(() => void this.write(), writeMs).unref()
  }

  /** What cannot be written now waits for the next time. */
  async write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const minutes = this.#minutes
    this.#minutes = []
    for (const one of minutes) await this.#count(one).catch(() => this.#add([one]))
  }

  #add(minutes: readonly Minute[]): void {
    this.#minutes = sumMinutes([...this.#minutes, ...minutes])
  }

  async #count({ appId, minute, received, duplicates, lastAt }: Minute): Promise<void> {
    await this.#sql.write(countMinute, appId, minute, received, duplicates, lastAt)
  }
}
