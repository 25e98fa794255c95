import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { postgresMigrations } from '../../../src/events/postgres/migrate.ts'
import { compatibleFrom, release } from '../../../src/events/sql/migrations.ts'
import { sqliteMigrations } from '../../../src/events/sqlite/open.ts'
import { root } from '../../support/repository.ts'
import { objectionsTo } from './support/policy.ts'

/** What was made before that promises nothing: no release has it. */
const unpromised = 6

describe.each([
  ['SQLite', sqliteMigrations],
  ['PostgreSQL', postgresMigrations],
])('each migration of %s', (_, migrations) => {
  it('that is not said to break leaves alone what the release before works with', () => {
    const objections = migrations
      .slice(unpromised)
      .map(({ sql, breaks }) => (breaks ? [] : objectionsTo(sql)))
    expect(objections).toEqual(migrations.slice(unpromised).map(() => []))
  })
})

describe('a migration that is not said to break', () => {
  it.each([
    'CREATE TABLE tokens (id TEXT PRIMARY KEY, sealed BLOB NOT NULL); CREATE UNIQUE INDEX by_sealed ON tokens (sealed)',
    'ALTER TABLE writes ADD COLUMN note TEXT; CREATE INDEX noted ON writes (app_id) WHERE note IS NOT NULL',
    'ALTER TABLE writes ADD COLUMN turn TEXT; CREATE UNIQUE INDEX turns ON writes (turn) WHERE turn IS NOT NULL',
    'ALTER TABLE writes ADD COLUMN object TEXT; CREATE UNIQUE INDEX one ON writes (verb, object) WHERE state = 1',
    'ALTER TABLE writes ADD COLUMN tries bigint NOT NULL DEFAULT 0',
    "ALTER TABLE log ADD COLUMN key TEXT NOT NULL DEFAULT ''; UPDATE log SET key = md5('x')",
    'CREATE FUNCTION append_again() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM events; END $$',
  ])('may be %s', (sql) => {
    expect(objectionsTo(sql)).toEqual([])
  })

  it('may not build an index over the event log, nor a unique one over what others write', () => {
    const column = 'ALTER TABLE events ADD COLUMN note TEXT'
    const noted = 'CREATE INDEX noted ON events (note) WHERE note IS NOT NULL'
    expect(objectionsTo(`${column}; ${noted}`)).toEqual([noted])
    const once = "CREATE UNIQUE INDEX once ON writes (verb) WHERE state = 'pending'"
    expect(objectionsTo(`ALTER TABLE writes ADD COLUMN note TEXT; ${once}`)).toEqual([once])
  })

  it.each([
    'DROP TABLE sharings',
    'DROP INDEX events_by_waba',
    'DELETE FROM writes',
    'ALTER TABLE events DROP COLUMN event',
    'ALTER TABLE events RENAME COLUMN event TO name',
    'ALTER TABLE events RENAME TO entries',
    'ALTER TABLE events ALTER COLUMN field TYPE bigint',
    'ALTER TABLE events ALTER COLUMN event SET NOT NULL',
    'ALTER TABLE events ADD COLUMN note TEXT NOT NULL',
    'ALTER TABLE events ADD COLUMN note TEXT UNIQUE',
    'ALTER TABLE events ADD COLUMN at bigint DEFAULT extract(epoch FROM clock_timestamp())',
    'ALTER TABLE events ADD CONSTRAINT short CHECK (length(field) < 9)',
    'CREATE INDEX events_by_field ON events (field)',
    'CREATE UNIQUE INDEX writes_once ON writes (app_id, verb)',
    'CREATE INDEX writes_by_verb ON writes (verb)',
    "UPDATE events SET field = ''",
    'CREATE OR REPLACE FUNCTION append_events() LANGUAGE plpgsql AS $$ BEGIN END $$',
    'CREATE TRIGGER t BEFORE INSERT ON events EXECUTE FUNCTION f()',
    'CREATE TABLE IF NOT EXISTS tokens (id TEXT)',
  ])('may not be %s', (sql) => {
    expect(objectionsTo(`${sql}; CREATE TABLE more (id TEXT)`)).toEqual([sql])
  })
})

describe('how far back a release may be that works on a store', () => {
  const added = { sql: '', breaks: false }

  it('is the first one, as long as no migration breaks', () => {
    expect(compatibleFrom([...sqliteMigrations, added, added])).toBe(compatibleFrom(sqliteMigrations))
  })

  it('is that of the last migration that breaks', () => {
    const migrations = [...sqliteMigrations, added, { sql: '', breaks: true }, added]
    expect(compatibleFrom(migrations)).toBe(sqliteMigrations.length + 2)
  })
})

it('calls this release what package.json calls it', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(release).toBe(version)
})
