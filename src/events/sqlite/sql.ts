import type { DatabaseSync } from 'node:sqlite'
import type { Row, Sql, Value } from '../sql/sql.ts'
import { patiently } from './patience.ts'
import { Statements } from './statements.ts'

/** Milliseconds since 1970, as SQLite tells them. */
export const now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)"

/** SQLite answers at once; only who writes may have to wait for the lock. */
export class SqliteSql implements Sql {
  readonly now = now
  readonly #statements: Statements

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database)
  }

  async read(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    return this.#statements.all(sql, ...values)
  }

  write(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    return patiently(() => this.#statements.all(sql, ...values))
  }
}
