export type SqlValue = string | number | null | Uint8Array

export type SqlRow = Readonly<Record<string, unknown>>

/**
 * What the code that both stores share asks of a database: SQL that both understand, with `?` where a value goes.
 * Each call is a transaction of its own, and rejects with StoreUnavailable while the store cannot be used.
 */
export interface Sql {
  /** An expression for the store's own time, in milliseconds since 1970. */
  readonly now: string
  /** An expression for the version of the store. */
  readonly version: string
  read(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /** Gives what `RETURNING` asks for. */
  write(sql: string, ...values: readonly SqlValue[]): Promise<readonly SqlRow[]>
  /** Stores all rows in one transaction, and passes over those that are there. `into` names the table and its columns. */
  insert(into: string, rows: readonly (readonly SqlValue[])[]): Promise<void>
}

/** The same with another time for the store's, which tests own. */
export function withClock(sql: Sql, clock: () => number): Sql {
  return {
    get now() {
      return `CAST(${Math.floor(clock())} AS BIGINT)`
    },
    version: sql.version,
    read: (text, ...values) => sql.read(text, ...values),
    write: (text, ...values) => sql.write(text, ...values),
    insert: (into, rows) => sql.insert(into, rows),
  }
}
