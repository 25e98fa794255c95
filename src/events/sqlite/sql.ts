import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Sql, SqlRow, SqlValue } from '../sql/sql.ts'
import { patiently, toStoreError } from './failure.ts'

/** Milliseconds since 1970, as SQLite tells them. */
export const now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"

/** SQLite answers at once. Only a write may have to wait for the lock. */
export class SqliteSql implements Sql {
  readonly now = now
  readonly version = '(SELECT user_version FROM pragma_user_version)'
  readonly #statements: Statements

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database)
  }

  async read(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#statements.all(sql, ...values)
  }

  write(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return patiently(() => this.#statements.all(sql, ...values))
  }

  insert(into: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const places = (rows[0] ?? []).map(() => '?').join(', ')
    const sql = `INSERT INTO ${into} VALUES (${places}) ON CONFLICT DO NOTHING`
    return patiently(() =>
      this.#statements.together(() => {
        for (const row of rows) this.#statements.all(sql, ...row)
      }),
    )
  }
}

/** Runs SQL and keeps its statements prepared. There are few texts, because values never become part of one. */
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

  /** Runs `run` in one transaction. */
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
