import type { DatabaseSync } from 'node:sqlite'

/** Tables of which the store counts the rows up by itself. */
const counted: ReadonlySet<string> = new Set(['dead_letters', 'redrives'])
/** Tables that have their one row from the migrations. */
const single: ReadonlySet<string> = new Set(['log', 'retention'])

/** The rows of a store, as SQL that SQLite understands, and PostgreSQL after `inPostgres`. */
export function dumpRows(database: DatabaseSync): string {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name))
  const { id, cursor_key: key } = database.prepare('SELECT id, cursor_key FROM log').get() ?? {}
  return [
    `UPDATE log SET id = ${literal(id)}, cursor_key = ${literal(key)};`,
    ...tables.filter((table) => !single.has(table)).flatMap((table) => rowsOf(database, table)),
    '',
  ].join('\n')
}

function rowsOf(database: DatabaseSync, table: string): readonly string[] {
  return database
    .prepare(`SELECT * FROM ${table}`)
    .all()
    .map((row) => {
      const members = Object.entries(row).filter(([name]) => name !== 'id' || !counted.has(table))
      const names = members.map(([name]) => name).join(', ')
      return `INSERT INTO ${table} (${names}) VALUES (${members.map(([, value]) => literal(value)).join(', ')});`
    })
}

function literal(value: unknown): string {
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`
  return typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`
}

/** PostgreSQL writes bytes in another way. */
export const inPostgres = (sql: string): string => sql.replaceAll(/\bx'([0-9a-f]*)'/g, String.raw`'\x$1'`)
