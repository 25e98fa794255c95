import { DatabaseError } from 'pg'
import { StoreRefused } from '../log.ts'
import { reasonOf } from './failure.ts'

const elsewhere = 'Name another database or schema in DATABASE_URL.'
const rights = 'Check the user and password in DATABASE_URL, and what that user may do.'
const running = 'Check that it runs and that DATABASE_URL is right, and start again.'

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const adviceByCode: Readonly<Record<string, string>> = {
  '28000': rights,
  '28P01': rights,
  '42501': rights,
  '3D000': 'Create it, or name another in DATABASE_URL.',
  '3F000': 'Create the schema that DATABASE_URL names in its search_path, or name another.',
  '42P07': elsewhere,
  '42703': elsewhere,
  '53100': 'Make room on its disk.',
}

/** Why the store is not used, and what to do about it. The address is named without user and password. */
function refusal(url: string, why: string, advice: string): StoreRefused {
  return new StoreRefused(
    `The event store ${nameOf(url)} cannot be used: ${why}. Nothing was changed. ${advice}`,
  )
}

export function refusalOf(url: string, error: unknown): StoreRefused {
  if (error instanceof StoreRefused) return error
  const code = error instanceof DatabaseError ? (error.code ?? '') : ''
  return refusal(url, reasonOf(error), adviceByCode[code] ?? running)
}

export function tooNew(url: string, version: number, known: number): StoreRefused {
  const why = `it has version ${version} and this mps-gateway knows ${known}`
  return refusal(url, why, 'A newer release wrote it: start that one.')
}

export function tooOld(url: string, version: number, known: number): StoreRefused {
  const why = `it has version ${version} and this mps-gateway knows ${known}`
  return refusal(url, why, 'Start this gateway on it first: it brings the store up to date.')
}

export function missing(url: string): StoreRefused {
  return refusal(url, 'there is no store in it', 'Check DATABASE_URL.')
}

export function wrongEncoding(url: string, encoding: string): StoreRefused {
  return refusal(
    url,
    `its text is ${encoding}, which cannot hold every character`,
    'Create it with ENCODING UTF8.',
  )
}

function nameOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `PostgreSQL at ${parsed.host}${parsed.pathname}` : 'named by DATABASE_URL'
}
