import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { NewEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import { isBusy, patienceMs, pauseMs, toStoreError } from './failure.ts'
import type { GroupWriter, PostResult, Post } from './group-writer.ts'

interface Waiting extends Post {
  readonly since: number
  resolve(appended: Appended): void
  reject(error: unknown): void
}

/** A transaction takes no further post once it has this many events, because it holds the event loop while it runs. */
const fullGroup = 2000

/** Puts the appends that arrive in one turn of the event loop into one transaction, and so one sync to disk. */
export class SqliteGroupCommit {
  readonly #writer: GroupWriter
  readonly #onStored: () => void
  #queue: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(writer: GroupWriter, onStored: () => void) {
    this.#writer = writer
    this.#onStored = onStored
  }

  append(events: readonly NewEvent[], lease: Lease | null): Promise<Appended> {
    if (events.length === 0) return Promise.resolve({ stored: 0, duplicates: 0 })
    return new Promise((resolve, reject) => {
      this.#queue.push({ events, lease, since: performance.now(), resolve, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      await turn()
      await this.#commit(this.#take())
    }
    this.#running = null
  }

  #take(): readonly Waiting[] {
    let size = 0
    const last = this.#queue.findIndex(({ events }) => (size += events.length) >= fullGroup)
    return this.#queue.splice(0, last === -1 ? this.#queue.length : last + 1)
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      this.#settle(group, this.#writer.write(group))
    } catch (error) {
      if (isBusy(error)) await this.#postpone(group, error)
      else for (const waiting of group) waiting.reject(toStoreError(error))
    }
  }

  #settle(group: readonly Waiting[], outcomes: readonly PostResult[]): void {
    for (const [index, waiting] of group.entries()) {
      const outcome = outcomes[index] as PostResult
      if ('failure' in outcome) waiting.reject(toStoreError(outcome.failure))
      else waiting.resolve(outcome)
    }
    if (outcomes.some((outcome) => 'stored' in outcome && outcome.stored > 0)) this.#onStored()
  }

  /** Each post waits for the lock as long as it may. Posts that arrive meanwhile join the next try. */
  async #postpone(group: readonly Waiting[], error: unknown): Promise<void> {
    const isLate = ({ since }: Waiting): boolean => performance.now() - since > patienceMs
    const [late, early] = [group.filter(isLate), group.filter((waiting) => !isLate(waiting))]
    for (const waiting of late) waiting.reject(toStoreError(error))
    this.#queue.unshift(...early)
    await sleep(pauseMs)
  }
}
