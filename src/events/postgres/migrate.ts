import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { endClient, type Route } from './connect.ts'
import { refuseNewerStore, refuseOlderStore, type StoreVersion } from '../sql/refusal.ts'
import { refusalFromPostgres, refuseMissingStore, storeName } from './refusal.ts'
import { reach } from './route.ts'
import { migrationsFor, sealVersion, type Migration } from '../sql/migrations.ts'
import { appendFunction } from './append.ts'

/** The table `schema_version` has one row for each migration that was applied. */
export const postgresMigrations = migrationsFor({
  position: 'bigint PRIMARY KEY',
  counted: 'bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY',
  integer: 'bigint',
  bytes: 'bytea',
  table: '',
  newId: 'substr(md5(gen_random_uuid()::text), 1, 16)',
  newKey: 'md5(gen_random_uuid()::text) || md5(gen_random_uuid()::text)',
  letterDigest: "encode(sha256(convert_to(app_id || chr(31) || reason || chr(31), 'UTF8') || raw), 'hex')",
  letterText: "encode(raw, 'escape')",
  noBytes: "''::bytea",
  own: { 2: appendFunction },
})

export interface MigrateOptions {
  readonly startPatienceMs: number
  readonly mustExist?: boolean
  readonly later?: readonly Migration[]
}

/** Moving existing rows may take long, and another instance may be doing it. */
const migrationTimeoutMs = 600_000

/**
 * Whoever works on a table waits behind a migration that waits for it, so it does not wait for long: less than the others
 * do (`lockTimeoutMs` in connect.ts). It comes again after a pause in which they have their turn.
 */
const tableLockMs = 500
const lockPauseMs = 2000

export interface Migrated {
  readonly route: Route
  readonly id: string
  readonly cursorKey: string
}

/**
 * Applies the missing migrations; with `mustExist` it only checks that none is missing. A store that cannot be used is
 * refused and left unchanged.
 */
export async function migrate(
  url: string,
  { startPatienceMs, mustExist = false, later = [] }: MigrateOptions,
): Promise<Migrated> {
  const migrations = [...postgresMigrations, ...later]
  const { client, route } = await reach(url, performance.now() + startPatienceMs, migrationTimeoutMs)
  try {
    const version = await versionOf(client)
    if (mustExist && version === 0) throw refuseMissingStore(url)
    if (mustExist && version < migrations.length)
      throw refuseOlderStore(storeName(url), version, migrations.length)
    if (version < migrations.length) await bring(client, migrations)
    await checkNewer(client, url, migrations.length)
    const { rows } = await client.query<{ id: string; cursor_key: string }>('SELECT id, cursor_key FROM log')
    return { route, id: String(rows[0]?.id), cursorKey: String(rows[0]?.cursor_key) }
  } catch (error) {
    throw refusalFromPostgres(url, error)
  } finally {
    await endClient(client)
  }
}

async function versionOf(client: Client): Promise<number> {
  const table = await client.query<{ exists: boolean }>(
    "SELECT to_regclass(current_schema() || '.schema_version') IS NOT NULL AS exists",
  )
  if (table.rows[0]?.exists !== true) return 0
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::integer AS version FROM schema_version',
  )
  return rows[0]?.version ?? 0
}

/** Also after migrations: a newer release may have been faster. */
async function checkNewer(client: Client, url: string, known: number): Promise<void> {
  const version = await versionOf(client)
  if (version <= known) return
  const { rows } = await client.query<Omit<StoreVersion, 'version'>>(
    'SELECT compatible_from::integer AS "compatibleFrom", upgraded_by AS "upgradedBy" FROM log',
  )
  const { compatibleFrom = version, upgradedBy = '' } = rows[0] ?? {}
  const refusal = refuseNewerStore(storeName(url), { version, compatibleFrom, upgradedBy }, known)
  if (refusal) throw refusal
}

/** Of several gateways that start together one migrates and the others wait for it; those that run work on. */
async function bring(client: Client, migrations: readonly Migration[]): Promise<void> {
  const until = performance.now() + migrationTimeoutMs
  while (!(await tryToBring(client, migrations, until))) await sleep(lockPauseMs)
}

/** One transaction behind a lock, so that never half of it is there. False when somebody held a table for too long. */
async function tryToBring(client: Client, migrations: readonly Migration[], until: number): Promise<boolean> {
  await client.query('BEGIN')
  try {
    await client.query(
      `SET LOCAL statement_timeout = ${migrationTimeoutMs}; SET LOCAL lock_timeout = ${migrationTimeoutMs};
       SET LOCAL idle_in_transaction_session_timeout = ${migrationTimeoutMs}`,
    )
    await client.query(
      "SELECT pg_advisory_xact_lock(hashtextextended('mps-gateway migrations ' || current_schema(), 0))",
    )
    await client.query(`SET LOCAL lock_timeout = ${tableLockMs}`)
    await apply(client, migrations)
    await client.query('COMMIT')
    return true
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    if ((error as { code?: string }).code !== lockNotAvailable || performance.now() > until) throw error
    return false
  }
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const lockNotAvailable = '55P03'

async function apply(client: Client, migrations: readonly Migration[]): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_version (
      version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
    )`,
  )
  const from = await versionOf(client)
  for (const [index, { sql }] of migrations.entries()) {
    if (index < from) continue
    await client.query(sql)
    await client.query('INSERT INTO schema_version (version) VALUES ($1)', [index + 1])
  }
  if (from < migrations.length) await client.query(sealVersion(migrations))
}
