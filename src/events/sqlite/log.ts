import type { DatabaseSync } from 'node:sqlite'
import { Cursors } from '../cursor.ts'
import type { NewEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import type { Appended } from '../log.ts'
import { SqlLog } from '../sql/log.ts'
import { Waiters } from '../waiters.ts'
import { SqliteGroupCommit } from './group-commit.ts'
import { GroupWriter } from './group-writer.ts'
import { SqliteSql } from './sql.ts'

/** How often to check whether another process has written: `mps-gateway replay` may, and cannot wake readers here. */
const lookMs = 1000

/** The event log in one SQLite file: a writer per process, readers in the same process. */
export class SqliteLog extends SqlLog {
  readonly id: string
  readonly cursors: Cursors
  readonly #database: DatabaseSync
  readonly #commits: SqliteGroupCommit
  readonly #timer: NodeJS.Timeout
  #version: unknown

  constructor(database: DatabaseSync, waiters = new Waiters()) {
    super(new SqliteSql(database), waiters)
    this.#database = database
    this.#commits = new SqliteGroupCommit(new GroupWriter(database, this.accounts), () => waiters.wake())
    const { id, cursor_key: key } = database.prepare('SELECT id, cursor_key FROM log').get() ?? {}
    this.id = String(id)
    this.cursors = new Cursors(this.id, String(key))
    this.#version = this.#versionNow()
    this.#timer = setInterval(() => this.#look(), lookMs).unref()
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
    clearInterval(this.#timer)
    if (this.#database.isOpen) this.#database.close()
    this.waiters.wake()
  }

  #look(): void {
    const version = this.#versionNow()
    if (version !== this.#version) this.waiters.wake()
    this.#version = version
  }

  /** Changes with each commit of another connection. https://www.sqlite.org/pragma.html#pragma_data_version */
  #versionNow(): unknown {
    try {
      return this.#database.prepare('PRAGMA data_version').get()?.['data_version']
    } catch {
      // A reader that uses the store learns why it does not answer.
      return this.#version
    }
  }
}
