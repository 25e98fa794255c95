import { StoreRefused } from '../log.ts'
import { refuseStore } from '../sql/refusal.ts'
import { resultCode } from './failure.ts'

const elsewhere = 'Name another file in DATABASE_URL.'
const rights = `Give the gateway the right to write the file and its folder. Or: ${elsewhere.toLowerCase()}`
const restore = 'Restore it from a backup, or move it away to begin with an empty one.'
const lock = 'Another process uses it: stop that one, or start again when it has finished.'

// https://www.sqlite.org/rescode.html
const adviceByCode: Readonly<Record<number, string>> = {
  5: lock,
  6: lock,
  8: rights,
  11: restore,
  13: 'Make room on its disk.',
  14: rights,
  26: elsewhere,
}

const adviceByName: Readonly<Record<string, string>> = {
  EACCES: rights,
  EPERM: rights,
  EROFS: rights,
  ENOSPC: 'Make room on its disk.',
}

/** The refusal for what SQLite or the file system threw. */
export function refusalFromSqlite(path: string, error: unknown): StoreRefused {
  if (error instanceof StoreRefused) return error
  const name = (error as { code?: string }).code ?? ''
  const advice = adviceByCode[resultCode(error) ?? 0] ?? adviceByName[name] ?? elsewhere
  return refuseStore(path, error instanceof Error ? error.message : String(error), advice)
}

export function refuseDamagedFile(path: string, what: string): StoreRefused {
  return refuseStore(path, `it is damaged (${what})`, restore)
}

export function refuseForeignFile(path: string): StoreRefused {
  return refuseStore(path, 'it is a database of something else', elsewhere)
}

export function refuseUsedFile(path: string): StoreRefused {
  const advice = 'Stop that one first, or let both share a PostgreSQL database: DATABASE_URL=postgres://…'
  return refuseStore(path, 'another gateway runs on it, and one file serves one gateway', advice)
}

export function refuseMissingFile(path: string): StoreRefused {
  return refuseStore(path, 'there is no such file', 'Check DATABASE_URL.', true)
}
