import { Cursors } from '../cursor.ts'
import type { DatabaseServer } from '../database-server.ts'
import type { NewEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import { SqlLog } from '../sql/log.ts'
import type { Waiters } from '../waiters.ts'
import type { Connections, Queryable } from './connections.ts'
import { PostgresGroupCommit } from './group-commit.ts'
import { NotificationListener, type ListenerOptions } from './listener.ts'
import { isFull, isLost } from './refusal.ts'
import { readServer } from './server.ts'
import { PostgresSql } from './sql.ts'

export interface PostgresLogParts extends Pick<ListenerOptions, 'pollMs'> {
  readonly id: string
  readonly listenUrl: string
  readonly cursorKey: string
  readonly readers: Connections
  /** Used for appends alone, so that they need not wait for readers. */
  readonly writer: Connections
  readonly waiters: Waiters
}

/** The event log in PostgreSQL: several instances append to it, and each is notified of what the others append. */
export class PostgresLog extends SqlLog {
  readonly id: string
  readonly cursors: Cursors
  readonly #connections: readonly Connections[]
  readonly #commits: PostgresGroupCommit
  readonly #listener: NotificationListener
  #head = 0

  constructor({ id, cursorKey, listenUrl, readers, writer, waiters, pollMs }: PostgresLogParts) {
    super(new PostgresSql(readers, eitherOf(writer, readers)), waiters)
    this.id = id
    this.cursors = new Cursors(id, cursorKey)
    this.#connections = [readers, writer]
    this.#commits = new PostgresGroupCommit(eitherOf(writer, readers), {
      onHead: (head) => this.#grown(head),
      accounts: this.accounts,
    })
    this.#listener = new NotificationListener(
      { url: listenUrl, logId: id, pollMs },
      {
        readHead: () => this.head(),
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

  override async server(): Promise<DatabaseServer> {
    return { ...(await readServer(this.sql)), notifies: await this.#listener.notifies }
  }

  /** Wakes those who still wait; their next read rejects because the store is closed. */
  async close(): Promise<void> {
    await this.#commits.drain()
    await Promise.all([this.#listener.close(), ...this.#connections.map((some) => some.close())])
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

/**
 * Appends take the connection of their own. When it breaks they take a new one, because what was stored already is a
 * duplicate then; and when the server has no more, they go with the reads.
 */
function eitherOf(writer: Connections, readers: Connections): Queryable {
  return {
    async query(...statement) {
      try {
        return await writer.query(...statement).catch((error: unknown) => {
          if (isLost(error)) return writer.query(...statement)
          throw error
        })
      } catch (error) {
        if (isFull(error)) return readers.query(...statement)
        throw error
      }
    },
  }
}
