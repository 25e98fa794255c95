import { migrationsFor } from '../sql/migrations.ts'
import { appendFunction } from './append.ts'

/** The table `schema_version` has a row for each that a store has. */
export const migrations = migrationsFor({
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
