import { postgresMigrations } from '../../../../src/events/postgres/migrate.ts'
import type { Migration } from '../../../../src/events/sql/migrations.ts'
import { sqliteMigrations } from '../../../../src/events/sqlite/open.ts'

/** The version of a store of this release. */
export const today = sqliteMigrations.length
if (postgresMigrations.length !== today) throw new Error('The two stores have one version')

const sql = `
  ALTER TABLE events ADD COLUMN note TEXT;
  ALTER TABLE writes ADD COLUMN note TEXT;
  ALTER TABLE dead_letters ADD COLUMN note TEXT NOT NULL DEFAULT '';
  ALTER TABLE leases ADD COLUMN note TEXT;
  ALTER TABLE sharings ADD COLUMN note TEXT;
  CREATE TABLE notes (id TEXT PRIMARY KEY);
`

/** What the release after this one may do to a store: everything that the policy allows. */
export const next: readonly Migration[] = [{ sql, breaks: false }]

/** The release after that takes something away. */
export const breaking: readonly Migration[] = [
  ...next,
  { sql: 'ALTER TABLE redrives RENAME COLUMN detail TO details', breaks: true },
]
