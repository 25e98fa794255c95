import { onTestFinished } from 'vitest'
import { openStore, type Store, type StoreOptions } from '../../../src/events/store.ts'
import { whyWithoutPgbouncer } from '../../support/pgbouncer.ts'
import { emptyDatabase, emptyPooledDatabase } from '../../support/postgres.ts'
import { folder } from './fresh.ts'

export interface StoreKind {
  readonly name: string
  /** An address for DATABASE_URL where nothing is yet. */
  place(): Promise<string>
}

export const storeKinds: readonly StoreKind[] = [
  { name: 'SQLite', place: async () => `file:${folder()}/events.db` },
  { name: 'PostgreSQL', place: () => emptyDatabase() },
  ...(whyWithoutPgbouncer === ''
    ? [{ name: 'PostgreSQL behind pgbouncer', place: () => emptyPooledDatabase() }]
    : []),
]

/** A store that goes with the test. */
export async function opened(url: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore(url, options)
  onTestFinished(() => store.close())
  return store
}

export async function freshStore(kind: StoreKind, options: Partial<StoreOptions> = {}): Promise<Store> {
  return opened(await kind.place(), options)
}
