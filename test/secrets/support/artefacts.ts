import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { query } from '../../support/postgres.ts'
import { environment, programOf } from '../../support/programs.ts'

/** The database file, its WAL and whatever lies beside it; or every row of every table, and the newest of the WAL. */
export async function readStore(
  databaseUrl: string,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  if (!databaseUrl.startsWith('file:'))
    return { 'the tables': await dump(databaseUrl), 'the WAL': await newestWal(databaseUrl) }
  const names = readdirSync(folder).filter((name) => name.startsWith('gateway.db'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'latin1')]))
}

/** The two newest segments, with what other databases of the server have written. */
async function newestWal(databaseUrl: string): Promise<string> {
  const segments = await query(
    databaseUrl,
    `SELECT pg_read_binary_file('pg_wal/' || name) AS bytes FROM pg_ls_waldir()
     WHERE name <= pg_walfile_name(pg_current_wal_lsn()) AND name ~ '^[0-9A-F]{24}$' ORDER BY name DESC LIMIT 2`,
  )
  return segments.map(({ bytes }) => (bytes as Buffer).toString('latin1')).join('')
}

async function dump(databaseUrl: string): Promise<string> {
  const tables = await query(
    databaseUrl,
    'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
  )
  const rows = await Promise.all(
    tables.map(({ tablename }) => query(databaseUrl, `SELECT * FROM "${String(tablename)}"`)),
  )
  return JSON.stringify(rows.flat(), (_, value: unknown) => bytesOf(value) ?? value)
}

// JSON has taken a Buffer apart before it asks.
function bytesOf(value: unknown): string | null {
  const bytes = value as { type?: unknown; data?: number[] } | null
  return typeof value === 'object' && bytes?.type === 'Buffer' && Array.isArray(bytes.data)
    ? Buffer.from(bytes.data).toString('latin1')
    : null
}

/** What `mps-gateway` prints, to both streams. */
export async function run(words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const options = { env: { ...environment(), ...env } }
  const done = promisify(execFile)(process.execPath, [programOf('mps-gateway'), ...words], options)
  const { stdout, stderr } = await done.catch((error: unknown) => error as Awaited<typeof done>)
  return stdout + stderr
}
