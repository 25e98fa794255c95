import { openPostgres } from './postgres/open.ts'
import type { Migration } from './sql/migrations.ts'
import type { Store } from './sql/store.ts'
import { sqliteMigrations } from './sqlite/open.ts'
import { openSqlite } from './sqlite/store.ts'
import type { TailLimits } from './tail.ts'

export type { Store } from './sql/store.ts'
export type { StoreVersion } from './sql/refusal.ts'

/** Of a store that this release works on: the number of migrations, which is the same for both kinds. */
export const storeVersion = sqliteMigrations.length

export interface StoreOptions {
  /** How often to check what other processes have appended; with PostgreSQL in case a notification was lost. */
  readonly pollMs: number
  /** PostgreSQL: the number of connections at most, from 3: one takes appends alone, one notifications. */
  readonly poolSize: number
  /** PostgreSQL: where notifications come from, when it is not where statements go. */
  readonly listenUrl: string | null
  /** PostgreSQL: how long to wait for a server that does not answer yet. */
  readonly startPatienceMs: number
  /** SQLite: whether a gateway serves from the file. One file serves one gateway; PostgreSQL serves any number. */
  readonly serves: boolean
  /** True when only a store that exists already and needs no migration may be opened. */
  readonly mustExist: boolean
  /** Set by tests: migrations of a release to come. */
  readonly later: readonly Migration[]
  /** How many of the newest events are held in memory. */
  readonly tail: Partial<TailLimits>
  /** Set by tests: what counts for writes as the store's time. */
  readonly clock?: (() => number) | undefined
}

const defaults: StoreOptions = {
  pollMs: 1000,
  poolSize: 10,
  listenUrl: null,
  startPatienceMs: 5000,
  serves: false,
  mustExist: false,
  later: [],
  tail: {},
}

/** `file:` opens an embedded store for one instance, `postgres:` one that several may share. Throws StoreRefused. */
export async function openStore(databaseUrl: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const all = { ...defaults, ...options }
  if (/^postgres(?:ql)?:/.test(databaseUrl)) return openPostgres(databaseUrl, all)
  return openSqlite(databaseUrl.replace(/^file:/, ''), all)
}
