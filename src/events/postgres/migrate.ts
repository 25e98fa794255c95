import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { createClient, endClient } from './connect.ts'
import { refuseNewerStore, refuseOlderStore } from '../sql/refusal.ts'
import { refusalFromPostgres, refuseEncoding, refuseMissingStore, storeName } from './refusal.ts'
import { migrationsFor } from '../sql/migrations.ts'
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
}

/** Building an index over existing rows may take long, and another instance may be doing it. */
const migrationTimeoutMs = 600_000

/** The id of the log, and the key of its cursors. */
export interface LogNames {
  readonly id: string
  readonly cursorKey: string
}

/**
 * Applies the missing migrations; with `mustExist` it only checks that none is missing. A store that cannot be used is
 * refused and left unchanged.
 */
export async function migrate(
  url: string,
  { startPatienceMs, mustExist = false }: MigrateOptions,
): Promise<LogNames> {
  const client = await connect(url, performance.now() + startPatienceMs)
  try {
    await checkEncoding(client, url)
    const version = await versionOf(client, url)
    if (mustExist && version === 0) throw refuseMissingStore(url)
    if (mustExist && version < postgresMigrations.length)
      throw refuseOlderStore(storeName(url), version, postgresMigrations.length)
    if (version < postgresMigrations.length) await bring(client, url)
    const { rows } = await client.query<{ id: string; cursor_key: string }>('SELECT id, cursor_key FROM log')
    return { id: String(rows[0]?.id), cursorKey: String(rows[0]?.cursor_key) }
  } catch (error) {
    throw refusalFromPostgres(url, error)
  } finally {
    await endClient(client)
  }
}

/** Waits for a database that is started together with the gateway. */
async function connect(url: string, until: number): Promise<Client> {
  for (;;) {
    const client = createClient(url, timeouts)
    try {
      await client.connect()
      return client
    } catch (error) {
      await endClient(client)
      if (!isStarting(error) || performance.now() > until) throw refusalFromPostgres(url, error)
      await sleep(200)
    }
  }
}

const timeouts = {
  statement_timeout: migrationTimeoutMs,
  lock_timeout: migrationTimeoutMs,
  query_timeout: migrationTimeoutMs,
  idle_in_transaction_session_timeout: migrationTimeoutMs,
}

function isStarting(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'ECONNREFUSED' || code === '57P03'
}

async function checkEncoding(client: Client, url: string): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding')
  const encoding = rows[0]?.server_encoding
  if (encoding !== 'UTF8') throw refuseEncoding(url, String(encoding))
}

async function versionOf(client: Client, url: string): Promise<number> {
  const table = await client.query<{ exists: boolean }>(
    "SELECT to_regclass(current_schema() || '.schema_version') IS NOT NULL AS exists",
  )
  if (table.rows[0]?.exists !== true) return 0
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0)::integer AS version FROM schema_version',
  )
  const version = rows[0]?.version ?? 0
  if (version > postgresMigrations.length)
    throw refuseNewerStore(storeName(url), version, postgresMigrations.length)
  return version
}

/** One transaction behind a lock: of two gateways that start together one creates the store, and never half of it. */
async function bring(client: Client, url: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(
      "SELECT pg_advisory_xact_lock(hashtextextended('mps-gateway migrations ' || current_schema(), 0))",
    )
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_version (
        version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
      )`,
    )
    for (let version = await versionOf(client, url); version < postgresMigrations.length; version++) {
      await client.query(postgresMigrations[version] ?? '')
      await client.query('INSERT INTO schema_version (version) VALUES ($1)', [version + 1])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}
