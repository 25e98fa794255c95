import type { DatabaseSync } from 'node:sqlite'
import type { SqlRow, Sql, SqlValue } from '../sql/sql.ts'
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
