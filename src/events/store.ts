import { openPostgres } from './postgres/open.ts'
import type { Store } from './sql/store.ts'
import { openSqlite } from './sqlite/store.ts'
import type { TailLimits } from './tail.ts'

export type { Store } from './sql/store.ts'

export interface StoreOptions {
  /** Between two looks for what other processes appended; with PostgreSQL in case a notification was lost. */
  readonly pollMs: number
  /** PostgreSQL: connections at most, besides one for appends and one for notifications. */
  readonly poolSize: number
  /** PostgreSQL: how long a server that is not up yet is waited for. */
  readonly startPatienceMs: number
  /** SQLite: whether a gateway serves from it, of which one file has one. PostgreSQL has as many as come. */
  readonly serves: boolean
  /** Only a store that is there already, and has this version, is opened. */
  readonly mustExist: boolean
  /** What is kept in memory of the newest events. */
  readonly tail: Partial<TailLimits>
}

const defaults: StoreOptions = {
  pollMs: 1000,
  poolSize: 8,
  startPatienceMs: 5000,
  serves: false,
  mustExist: false,
  tail: {},
}

/** `file:` opens an embedded store for one instance, `postgres:` one that several may share. Throws StoreRefused. */
export async function openStore(databaseUrl: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const all = { ...defaults, ...options }
  if (/^postgres(?:ql)?:/.test(databaseUrl)) return openPostgres(databaseUrl, all)
  return openSqlite(databaseUrl.replace(/^file:/, ''), all)
}
