import { migrationsFor } from '../sql/migrations.ts'

/** A store's `user_version` says how many it has. */
export const migrations = migrationsFor({
  position: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  counted: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  integer: 'INTEGER',
  bytes: 'BLOB',
  table: 'STRICT',
  newId: 'lower(hex(randomblob(8)))',
  newKey: 'lower(hex(randomblob(32)))',
  letterDigest: 'letter_digest(app_id, reason, raw)',
  letterText: 'CAST(raw AS TEXT)',
  noBytes: "x''",
  own: {},
})
