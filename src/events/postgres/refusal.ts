import { DatabaseError } from 'pg'
import { StoreRefused, StoreUnavailable } from '../log.ts'
import { refuseStore } from '../sql/refusal.ts'
import { LeaseLost } from '../leases.ts'

// Classes of errors that the statement caused: bad data, broken constraint, limit exceeded, wrong SQL.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const faulty = new Set(['22', '23', '54', '42'])

/** Whether the statement is to blame, so that no repeat helps. Any other error may pass. */
export function isFaulty(error: unknown): boolean {
  if (error instanceof DatabaseError) return faulty.has(error.code?.slice(0, 2) ?? '')
  return error instanceof RangeError || error instanceof TypeError
}

/** Whether the server, or a pooler before it, has no more connections. Then nothing was sent. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false
  return error.code === tooManyConnections || error.message.startsWith('no more connections allowed')
}

const tooManyConnections = '53300'

/** After a failover the address may lead to a server that only follows another one. */
export class StandbyServer extends Error {
  override readonly name = 'StandbyServer'

  constructor() {
    super('the server is a standby, which takes no writes')
  }
}

/** Whether a pooler takes no settings when a connection is made. */
export function isSettingRefused(error: unknown): boolean {
  return error instanceof DatabaseError && error.message.startsWith('unsupported startup parameter')
}

const starting = new Set(['ECONNREFUSED', 'EAI_AGAIN', '57P03'])

/** Whether the server may be there in a moment. */
export function isStarting(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return starting.has(code) || isFull(error) || error instanceof StandbyServer || isServerMissed(message)
}

/** What pgbouncer says when it cannot reach the server. */
const isServerMissed = (message: string): boolean => /server login|cannot connect to server/.test(message)

// Beside faulty statements: a lock that was not had in time, a statement that took too long.
const harmless = new Set(['55P03', '57014'])

/** Whether the connection can be used after an error. */
export function leavesConnection(error: unknown): boolean {
  return error instanceof DatabaseError && (isFaulty(error) || harmless.has(error.code ?? ''))
}

const lost = new Set(['ECONNRESET', 'EPIPE', '57P01', '57P02'])

/** Whether the connection broke while a statement used it: what became of the statement is not known. */
export function isLost(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return lost.has(code ?? '') || message === 'Connection terminated unexpectedly'
}

/** StoreUnavailable when the store is to blame; otherwise the error itself. */
export function asStoreError(error: unknown): unknown {
  if (isFaulty(error) || error instanceof StoreUnavailable || error instanceof LeaseLost) return error
  return new StoreUnavailable(`The event store cannot be used: ${reasonOf(error)}`, { cause: error })
}

/** A connection that was tried at several addresses fails with one error for each and no message of its own. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}

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
  '55P03':
    'A transaction of somebody else holds its tables, for instance a backup: start again when that has ended.',
  [tooManyConnections]: 'Raise its max_connections, or lower DATABASE_POOL_SIZE of the instances.',
}

/** By the message, where the code says too little. */
const adviceByMessage: readonly (readonly [RegExp, string])[] = [
  [
    /^unsupported startup parameter: options/,
    'A pooler takes no options in DATABASE_URL: set them with ALTER ROLE … SET, for instance search_path.',
  ],
  [
    /^transaction blocks not allowed/,
    'Set pool_mode = transaction in pgbouncer: with statement it cannot keep what belongs together.',
  ],
  [
    /^too many connections for (role|database)/,
    'Raise its own limit (ALTER … CONNECTION LIMIT), or lower DATABASE_POOL_SIZE of the instances.',
  ],
  [/^no more connections allowed/, 'Raise max_client_conn of pgbouncer, or lower DATABASE_POOL_SIZE.'],
]

function adviceFor(error: unknown): string {
  if (error instanceof StandbyServer) return 'Name the primary in DATABASE_URL.'
  const code = error instanceof DatabaseError ? (error.code ?? '') : ''
  const [, advice] = adviceByMessage.find(([message]) => message.test(reasonOf(error))) ?? []
  return advice ?? adviceByCode[code] ?? running
}

/** The refusal for what PostgreSQL or the network threw. */
export function refusalFromPostgres(url: string, error: unknown): StoreRefused {
  if (error instanceof StoreRefused) return error
  return refuseStore(storeName(url), reasonOf(error), adviceFor(error))
}

export function refuseMissingStore(url: string): StoreRefused {
  return refuseStore(storeName(url), 'there is no store in it', 'Check DATABASE_URL.', true)
}

export function refuseEncoding(url: string, encoding: string): StoreRefused {
  const why = `its text is ${encoding}, which cannot hold every character`
  return refuseStore(storeName(url), why, 'Create it with ENCODING UTF8.')
}

export function refuseSearchPath(url: string): StoreRefused {
  const why = 'the search_path in DATABASE_URL does not arrive: a pooler on the way drops it'
  return refuseStore(storeName(url), why, 'Set it with ALTER ROLE … SET search_path.')
}

/** The address without user and password. */
export function storeName(url: string): string {
  const parsed = URL.parse(url)
  return parsed ? `PostgreSQL at ${parsed.host}${parsed.pathname}` : 'named by DATABASE_URL'
}
