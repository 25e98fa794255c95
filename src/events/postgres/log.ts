import type { Pool } from 'pg'
import { Cursors } from '../cursor.ts'
import type { NewEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import { SqlLog } from '../sql/log.ts'
import type { Waiters } from '../waiters.ts'
import { endPool } from './connect.ts'
import { PostgresGroupCommit } from './group-commit.ts'
import { NotificationListener, type ListenerOptions } from './listener.ts'
import { PostgresSql } from './sql.ts'

export interface PostgresLogParts extends ListenerOptions {
  readonly id: string
  readonly cursorKey: string
  readonly url: string
  readonly readers: Pool
  /** Used for appends alone, so that they need not wait for readers. */
  readonly writer: Pool
  readonly waiters: Waiters
}

/** The event log in PostgreSQL: several instances append to it, and each is notified of what the others append. */
export class PostgresLog extends SqlLog {
  readonly id: string
  readonly cursors: Cursors
  readonly #pools: readonly Pool[]
  readonly #commits: PostgresGroupCommit
  readonly #listener: NotificationListener
  #head = 0

  constructor({ id, cursorKey, url, readers, writer, waiters, pollMs }: PostgresLogParts) {
    super(new PostgresSql(readers), waiters)
    this.id = id
    this.cursors = new Cursors(id, cursorKey)
    this.#pools = [readers, writer]
    this.#commits = new PostgresGroupCommit(writer, (head) => this.#grown(head))
    this.#listener = new NotificationListener(
      url,
      id,
      { pollMs },
      {
        grown: (head) => this.#grown(head),
        found: (head) => this.#found(head),
      },
    )
  }

  append(events: readonly NewEvent[]): Promise<Appended> {
    return this.#commits.append(events, null)
  }

  appendIfHeld(lease: Lease, events: readonly NewEvent[]): Promise<Appended> {
    return this.#commits.append(events, lease)
  }

  /** Wakes those who still wait; their next read rejects because the store is closed. */
  async close(): Promise<void> {
    await this.#commits.drain()
    await Promise.all([this.#listener.close(), ...this.#pools.map(endPool)])
    this.waiters.wake()
  }

  /** The same head is reported by the append itself, by its notification and by the next read: readers are woken once. */
  #grown(head: number): void {
    if (head > this.#head) this.#found(head)
  }

  #found(head: number): void {
    if (head === this.#head) return
    this.#head = head
    this.waiters.wake()
  }
}
