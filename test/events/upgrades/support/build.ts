import { DatabaseSync } from 'node:sqlite'
import { postgresMigrations } from '../../../../src/events/postgres/migrate.ts'
import { letterDigest } from '../../../../src/events/sql/dead-letters.ts'
import type { Migration } from '../../../../src/events/sql/migrations.ts'
import { sqliteMigrations } from '../../../../src/events/sqlite/open.ts'
import { query } from '../../../support/postgres.ts'

/** Makes a store as the release of a version has left it: by its migrations, with these rows. */
export async function buildStore(url: string, version: number, rows: string): Promise<void> {
  if (url.startsWith('file:'))
    buildSqlite(url.slice('file:'.length), sqliteMigrations.slice(0, version), rows)
  else await buildPostgres(url, postgresMigrations.slice(0, version), rows)
}

function buildSqlite(path: string, migrations: readonly Migration[], rows: string): void {
  const database = new DatabaseSync(path)
  database.function('letter_digest', (appId, reason, raw) =>
    letterDigest(String(appId), String(reason), raw as Uint8Array),
  )
  for (const { sql } of migrations) database.exec(sql)
  database.exec(`PRAGMA user_version = ${migrations.length}; ${rows}`)
  database.close()
}

async function buildPostgres(url: string, migrations: readonly Migration[], rows: string): Promise<void> {
  await query(
    url,
    'CREATE TABLE schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  )
  for (const [index, { sql }] of migrations.entries())
    await query(url, `${sql}; INSERT INTO schema_version (version) VALUES (${index + 1})`)
  await query(url, rows)
}
