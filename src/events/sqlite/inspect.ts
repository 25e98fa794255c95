import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { migrations } from './migrations.ts'
import { damaged, missing, strange, tooNew, tooOld } from './refusal.ts'

/** Up to this size every page is read at the start (some 0.2 s); beyond it, the ends of the log. */
const wholeCheckBytes = 256 * 1024 * 1024

/**
 * Throws unless the file is new or one that this version can use. It looks through a connection that cannot
 * write: closing one that can may already put the write-ahead log into the file.
 */
export function inspect(path: string, timeout: number, mustExist: boolean): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes === 0 && mustExist) throw missing(path)
  if (bytes === 0) return
  const database = new DatabaseSync(path, { readOnly: true, timeout })
  try {
    checkVersion(database, path, mustExist)
    if (bytes <= wholeCheckBytes) checkWhole(database, path)
    else checkEnds(database)
  } finally {
    database.close()
  }
}

export function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

function checkVersion(database: DatabaseSync, path: string, mustExist: boolean): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const isOurs = ['log', 'events', 'writes'].every((name) => tables.some((table) => table['name'] === name))
  if (tables.length > 0 && !isOurs) throw strange(path)
  const version = versionOf(database)
  if (version > migrations.length) throw tooNew(path, version, migrations.length)
  if (mustExist && version < migrations.length) throw tooOld(path, version, migrations.length)
}

function checkWhole(database: DatabaseSync, path: string): void {
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
  if (found !== 'ok') throw damaged(path, found)
}

function checkEnds(database: DatabaseSync): void {
  database.prepare('SELECT * FROM events ORDER BY seq LIMIT 1').get()
  database.prepare('SELECT * FROM events ORDER BY seq DESC LIMIT 1').get()
}
