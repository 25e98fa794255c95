import { StoreRefused } from '../log.ts'
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

/** Why the store is not used, and what to do about it. */
function refusal(path: string, why: string, advice: string): StoreRefused {
  return new StoreRefused(`The event store ${path} cannot be used: ${why}. Nothing was changed. ${advice}`)
}

/** The same, from what SQLite or the file system threw. */
export function refusalOf(path: string, error: unknown): StoreRefused {
  if (error instanceof StoreRefused) return error
  const name = (error as { code?: string }).code ?? ''
  const advice = adviceByCode[resultCode(error) ?? 0] ?? adviceByName[name] ?? elsewhere
  return refusal(path, error instanceof Error ? error.message : String(error), advice)
}

export function damaged(path: string, what: string): StoreRefused {
  return refusal(path, `it is damaged (${what})`, restore)
}

export function strange(path: string): StoreRefused {
  return refusal(path, 'it is a database of something else', elsewhere)
}

export function taken(path: string): StoreRefused {
  const advice = 'Stop that one first, or let both share a PostgreSQL database: DATABASE_URL=postgres://…'
  return refusal(path, 'another gateway runs on it, and one file serves one gateway', advice)
}

export function tooOld(path: string, version: number, known: number): StoreRefused {
  const why = `it has version ${version} and this mps-gateway knows ${known}`
  return refusal(path, why, 'Start this gateway on it first: it brings the store up to date.')
}

export function missing(path: string): StoreRefused {
  return refusal(path, 'there is no such file', 'Check DATABASE_URL.')
}

export function tooNew(path: string, version: number, known: number): StoreRefused {
  const why = `it has version ${version} and this mps-gateway knows ${known}`
  return refusal(path, why, 'A newer release wrote it: start that one.')
}
