import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { letterDigest } from '../sql/letter-digest.ts'
import { isBusy } from './failure.ts'
import { inspect, versionOf } from './inspect.ts'
import { migrations } from './migrations.ts'
import { refusalOf } from './refusal.ts'

/** Nothing runs yet that could be held up: another gateway may just be making the store. */
const startTimeoutMs = 500

/** A locked file blocks the event loop for this long at most; the caller waits on asynchronously. */
const busyTimeoutMs = 20

/** What the write-ahead log keeps of its size after a burst. */
const walBytes = 64 * 1024 * 1024

export interface OpenOptions {
  /** Nothing is made or changed: only a store that is there already, and has this version, is opened. */
  readonly mustExist: boolean
  /** Runs between the look and the first change, and may refuse too. */
  readonly claim: () => void
}

/** Opens or creates the store. A file that this version cannot use is refused and left untouched. */
export function openDatabase(
  path: string,
  { mustExist = false, claim = () => {} }: Partial<OpenOptions> = {},
): DatabaseSync {
  try {
    if (!mustExist) mkdirSync(dirname(path), { recursive: true })
    inspect(path, startTimeoutMs, mustExist)
    claim()
    return prepare(new DatabaseSync(path, { timeout: startTimeoutMs }))
  } catch (error) {
    throw refusalOf(path, error)
  }
}

function prepare(database: DatabaseSync): DatabaseSync {
  try {
    // FULL syncs the WAL before a commit returns: an acknowledged webhook survives a power cut, which
    // NORMAL does not promise.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;')
    database.function('letter_digest', (appId, reason, raw) =>
      letterDigest(String(appId), String(reason), raw as Uint8Array),
    )
    migrate(database)
    database.exec(`PRAGMA journal_size_limit = ${walBytes}; PRAGMA busy_timeout = ${busyTimeoutMs};`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** In one transaction, so that of two gateways that start together one makes the store, and none half of it. */
function migrate(database: DatabaseSync): void {
  if (!beginWriting(database)) return
  const version = versionOf(database)
  for (const sql of migrations.slice(version)) database.exec(sql)
  // A write even when nothing is new: that the file can only be read, SQLite says no sooner.
  database.exec(`PRAGMA user_version = ${migrations.length}`)
  database.exec(version === migrations.length ? 'ROLLBACK' : 'COMMIT')
}

/** False when another process is writing to a store that needs nothing. */
function beginWriting(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN IMMEDIATE')
    return true
  } catch (error) {
    if (isBusy(error) && versionOf(database) === migrations.length) return false
    throw error
  }
}
