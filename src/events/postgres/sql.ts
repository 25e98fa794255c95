import type { Pool } from 'pg'
import type { Row, Sql, Value } from '../sql/sql.ts'
import { told } from './failure.ts'

export class PostgresSql implements Sql {
  readonly now = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async read(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    try {
      const { rows } = await this.#pool.query<Record<string, unknown>>(numbered(sql), values.map(storable))
      return rows
    } catch (error) {
      throw told(error)
    }
  }

  write(sql: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    return this.read(sql, ...values)
  }

  async insert(into: string, rows: readonly (readonly Value[])[]): Promise<void> {
    const places = rows.map((row) => `(${row.map(() => '?').join(', ')})`)
    await this.read(`INSERT INTO ${into} VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`, ...rows.flat())
  }
}

/** PostgreSQL numbers its placeholders. No text of ours has a question mark elsewhere. */
function numbered(sql: string): string {
  let place = 0
  return sql.replace(/\?/g, () => `$${++place}`)
}

/** PostgreSQL's text cannot hold the character NUL; JSON text writes it otherwise and is not changed. */
export function storable<T>(value: T): T | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value
}
