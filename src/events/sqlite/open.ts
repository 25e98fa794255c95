import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { letterDigest } from '../sql/dead-letters.ts'
import { isBusy } from './failure.ts'
import { refuseNewerStore, refuseOlderStore, type StoreVersion } from '../sql/refusal.ts'
import { refuseDamagedFile, refuseForeignFile, refuseMissingFile, refusalFromSqlite } from './refusal.ts'
import { migrationsFor, sealVersion, type Migration } from '../sql/migrations.ts'

/** At the start blocking harms nobody, and another gateway may be creating the store. */
const startTimeoutMs = 500

/** A locked file blocks the event loop for this long at most. The caller then waits without blocking. */
const busyTimeoutMs = 20

/** The size to which the write-ahead log is cut after a burst. */
const walBytes = 64 * 1024 * 1024

export interface OpenOptions {
  /** True when only a store that exists already and needs no migration may be opened. Nothing is changed then. */
  readonly mustExist: boolean
  /** Runs between the inspection and the first change, and may refuse as well. */
  readonly claim: () => void
  readonly later: readonly Migration[]
}

/** Opens or creates the store. A file that this version cannot use is refused and left unchanged. */
export function openDatabase(
  path: string,
  { mustExist = false, claim = () => {}, later = [] }: Partial<OpenOptions> = {},
): DatabaseSync {
  const migrations = [...sqliteMigrations, ...later]
  try {
    if (!mustExist) mkdirSync(dirname(path), { recursive: true })
    inspect(path, { mustExist, known: migrations.length })
    claim()
    return prepare(new DatabaseSync(path, { timeout: startTimeoutMs }), migrations)
  } catch (error) {
    throw refusalFromSqlite(path, error)
  }
}

function prepare(database: DatabaseSync, migrations: readonly Migration[]): DatabaseSync {
  try {
    // FULL syncs the WAL before a commit returns: an acknowledged webhook survives a power cut, which
    // NORMAL does not promise.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;')
    database.function('letter_digest', (appId, reason, raw) =>
      letterDigest(String(appId), String(reason), raw as Uint8Array),
    )
    migrate(database, migrations)
    database.exec(`PRAGMA journal_size_limit = ${walBytes}; PRAGMA busy_timeout = ${busyTimeoutMs};`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** One transaction: of two gateways that start together one creates the store, and never half of it. */
function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  if (!beginWriting(database, migrations.length)) return
  const version = versionOf(database)
  const isCurrent = version >= migrations.length
  for (const { sql } of migrations.slice(version)) database.exec(sql)
  if (!isCurrent) database.exec(sealVersion(migrations))
  // The version is written even when no migration is missing: only a write shows that the file is read-only.
  database.exec(`PRAGMA user_version = ${Math.max(version, migrations.length)}`)
  database.exec(isCurrent ? 'ROLLBACK' : 'COMMIT')
}

/** False when another process is writing to a store in which no migration is missing. */
function beginWriting(database: DatabaseSync, known: number): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (isBusy(error) && versionOf(database) >= known) return false
    throw error
  }
}

/** The `user_version` of a store is the number of migrations that were applied. */
export const sqliteMigrations = migrationsFor({
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

/** Up to this size every page is checked at the start (some 0.2 s); beyond it only the ends of the log. */
const wholeCheckBytes = 256 * 1024 * 1024

interface Asked {
  readonly mustExist: boolean
  /** The newest version that this release knows. */
  readonly known: number
}

/**
 * Throws unless the file is new or one that this version can use. It uses a read-only connection, because closing another
 * one may already write the write-ahead log into the file.
 */
function inspect(path: string, asked: Asked): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes === 0 && asked.mustExist) throw refuseMissingFile(path)
  if (bytes === 0) return
  const database = new DatabaseSync(path, { readOnly: true, timeout: startTimeoutMs })
  try {
    checkVersion(database, path, asked)
    if (bytes <= wholeCheckBytes) checkWhole(database, path)
    else checkEnds(database)
  } finally {
    database.close()
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

function checkVersion(database: DatabaseSync, path: string, { mustExist, known }: Asked): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const isOurs = ['log', 'events', 'writes'].every((name) => tables.some((table) => table['name'] === name))
  if (tables.length > 0 && !isOurs) throw refuseForeignFile(path)
  const version = versionOf(database)
  const refusal = version > known ? refuseNewerStore(path, whatItSays(database, version), known) : null
  if (refusal) throw refusal
  if (mustExist && version < known) throw refuseOlderStore(path, version, known)
}

function whatItSays(database: DatabaseSync, version: number): StoreVersion {
  const row = database.prepare('SELECT compatible_from, upgraded_by FROM log').get()
  return {
    version,
    compatibleFrom: Number(row?.['compatible_from']),
    upgradedBy: String(row?.['upgraded_by']),
  }
}

function checkWhole(database: DatabaseSync, path: string): void {
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
  if (found !== 'ok') throw refuseDamagedFile(path, found)
}

function checkEnds(database: DatabaseSync): void {
  database.prepare('SELECT * FROM events ORDER BY seq LIMIT 1').get()
  database.prepare('SELECT * FROM events ORDER BY seq DESC LIMIT 1').get()
}
