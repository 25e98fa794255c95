import type { Migration } from '../sql/migrations.ts'
import { storeOver, type Store } from '../sql/store.ts'
import type { TailLimits } from '../tail.ts'
import { Waiters } from '../waiters.ts'
import { createPool } from './connect.ts'
import { PostgresLog } from './log.ts'
import { migrate } from './migrate.ts'

export interface PostgresOptions {
  readonly pollMs: number
  readonly poolSize: number
  readonly startPatienceMs: number
  readonly mustExist?: boolean
  readonly later?: readonly Migration[]
}

export async function openPostgres(
  url: string,
  options: PostgresOptions & { readonly tail: Partial<TailLimits> },
): Promise<Store> {
  const log = await openPostgresLog(url, options)
  return storeOver(log, options.tail)
}

export async function openPostgresLog(
  url: string,
  { pollMs, poolSize, ...options }: PostgresOptions,
  waiters = new Waiters(),
): Promise<PostgresLog> {
  const names = await migrate(url, options)
  const [readers, writer] = [createPool(url, poolSize), createPool(url, 1)]
  return new PostgresLog({ ...names, url, readers, writer, waiters, pollMs })
}
