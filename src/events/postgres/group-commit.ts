import { setImmediate as turn } from 'node:timers/promises'
import type { NewEvent } from '../event.ts'
import { LeaseLost, type Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import type { AccountCounter } from '../sql/account-health.ts'
import type { SqlValue } from '../sql/sql.ts'
import { appendRows, toRows } from './append.ts'
import type { Queryable } from './connections.ts'
import { isFaulty, asStoreError } from './refusal.ts'

interface Waiting {
  readonly events: readonly NewEvent[]
  readonly rows: readonly (readonly SqlValue[])[]
  readonly lease: Lease | null
  resolve(appended: Appended): void
  reject(error: unknown): void
}

/** Who learns what was appended. */
interface Told {
  readonly onHead: (head: number) => void
  readonly accounts: AccountCounter
}

const fullGroup = 2000

/** Puts the appends that arrive while one is under way into one transaction, and so one sync to disk. */
export class PostgresGroupCommit {
  readonly #connection: Queryable
  readonly #told: Told
  #queue: Waiting[] = []
  #running: Promise<void> | null = null

  constructor(connection: Queryable, told: Told) {
    this.#connection = connection
    this.#told = told
  }

  async append(events: readonly NewEvent[], lease: Lease | null): Promise<Appended> {
    if (events.length === 0) return { stored: 0, duplicates: 0 }
    const rows = toRows(events)
    return new Promise((resolve, reject) => {
      this.#queue.push({ events, rows, lease, resolve, reject })
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

  /** A post with a lease goes alone, because a refusal of it must not concern others. */
  #take(): readonly Waiting[] {
    let size = 0
    const last = this.#queue.findIndex(
      ({ rows, lease }, index) =>
        (size += rows.length) >= fullGroup || lease !== null || Boolean(this.#queue[index + 1]?.lease),
    )
    return this.#queue.splice(0, last === -1 ? this.#queue.length : last + 1)
  }

  /** When one of several posts is faulty, each is sent by itself, so that the others are stored. */
  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(group)
    } catch (error) {
      if (group.length > 1 && isFaulty(error)) for (const waiting of group) await this.#commit([waiting])
      else for (const waiting of group) waiting.reject(asStoreError(error))
    }
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const lease = group[0]?.lease ?? null
    const all = group.flatMap(({ rows }) => rows)
    const { isStored, head } = await appendRows(this.#connection, all, lease)
    if (lease && !isStored) throw new LeaseLost(lease)
    let place = 0
    for (const { events, resolve } of group) {
      const ofPost = (isStored ?? []).slice(place, (place += events.length))
      if (events.some(({ source }) => source === 'WEBHOOK')) this.#told.accounts.count(events, ofPost)
      const stored = ofPost.filter(Boolean).length
      resolve({ stored, duplicates: events.length - stored })
    }
    this.#told.onHead(head)
  }
}
