import type { Migration } from '../sql/migrations.ts'
import { storeOver, type Store, type StoreParts } from '../sql/store.ts'
import { Waiters } from '../waiters.ts'
import { checkListening } from './check-listening.ts'
import { Connections } from './connections.ts'
import { PostgresLog } from './log.ts'
import { migrate } from './migrate.ts'
import { refusalFromPostgres } from './refusal.ts'

export interface PostgresOptions {
  readonly pollMs: number
  /** Where notifications come from, when it is not where statements go. */
  readonly listenUrl?: string | null
  /** Connections in all: one for appends, one for notifications, the others for everything else. */
  readonly poolSize: number
  readonly startPatienceMs: number
  readonly mustExist?: boolean
  readonly later?: readonly Migration[]
}

/** How long a read waits for a connection while the server has no more and there is none here. */
const readPatienceMs = 5000

export async function openPostgres(url: string, options: PostgresOptions & StoreParts): Promise<Store> {
  const log = await openPostgresLog(url, options)
  return storeOver(log, options)
}

export async function openPostgresLog(
  url: string,
  { pollMs, poolSize, listenUrl = null, ...options }: PostgresOptions,
  waiters = new Waiters(),
): Promise<PostgresLog> {
  const { route, ...names } = await migrate(url, options)
  const writer = new Connections(route, { most: 1, kept: 1, patienceMs: 0 })
  const readers = new Connections(route, {
    most: Math.max(1, poolSize - 2),
    kept: 1,
    patienceMs: readPatienceMs,
  })
  try {
    await Promise.all([writer, readers].map((some) => some.open(options.startPatienceMs)))
    if (listenUrl !== null) await checkListening(listenUrl, readers)
  } catch (error) {
    await Promise.all([writer.close(), readers.close()])
    throw refusalFromPostgres(url, error)
  }
  return new PostgresLog({ ...names, listenUrl: listenUrl ?? url, readers, writer, waiters, pollMs })
}
