import type { SqlRow, Sql, SqlValue } from '../sql/sql.ts'
import type { Queryable } from './connections.ts'
import { asStoreError } from './refusal.ts'

export class PostgresSql implements Sql {
  readonly version = '(SELECT max(version) FROM schema_version)'
  readonly now = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint'
  readonly #connection: Queryable
  readonly #inserter: Queryable

  /** `inserter` takes what comes with webhooks, so that it need not wait for reads. */
  constructor(connection: Queryable, inserter: Queryable) {
    this.#connection = connection
    this.#inserter = inserter
  }

  read(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return run(this.#connection, sql, values)
  }

  write(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.read(sql, ...values)
  }

  async insert(into: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const places = rows.map((row) => `(${row.map(() => '?').join(', ')})`)
    const sql = `INSERT INTO ${into} VALUES ${places.join(', ')} ON CONFLICT DO NOTHING`
    await run(this.#inserter, sql, rows.flat())
  }
}

async function run(
  connection: Queryable,
  sql: string,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[]> {
  try {
    return (await connection.query(numbered(sql), values.map(storable))).rows
  } catch (error) {
    throw asStoreError(error)
  }
}

/** PostgreSQL numbers its placeholders. No statement has a question mark for anything else. */
function numbered(sql: string): string {
  let place = 0
  return sql.replace(/\?/g, () => `$${++place}`)
}

/** PostgreSQL's text cannot hold the character NUL. JSON text escapes it, so payloads are not changed. */
export function storable<T>(value: T): T | string {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value
}
