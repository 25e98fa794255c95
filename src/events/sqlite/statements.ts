import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { SqlRow, SqlValue } from '../sql/sql.ts'
import { toStoreError } from './failure.ts'

/** Runs SQL and keeps it prepared; the texts are few, since values never become part of one. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  all(sql: string, ...values: readonly SqlValue[]): SqlRow[] {
    try {
      return this.#prepare(sql).all(...values)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  /** What `run` does is one transaction. */
  together(run: () => void): void {
    this.all('BEGIN IMMEDIATE')
    try {
      run()
      this.all('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.all('ROLLBACK')
      throw error
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    this.#prepared.set(sql, statement)
    return statement
  }
}
