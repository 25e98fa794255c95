import type { Config } from '../config/config.ts'
import { StoreRefused } from '../events/log.ts'
import { openStore, type Store } from '../events/store.ts'

/** The store, or why there is none that this release can read as it is. */
export type StoreOrRefusal =
  | { readonly store: Store; readonly refused: null }
  | { readonly store: null; readonly refused: StoreRefused }

/** The store as it is: nothing is created, and no migration is applied. */
export async function openStoreToLook({
  databaseUrl,
  databaseListenUrl: listenUrl,
}: Config): Promise<StoreOrRefusal & { close(): Promise<void> }> {
  try {
    const store = await openStore(databaseUrl, {
      mustExist: true,
      startPatienceMs: 0,
      poolSize: 3,
      listenUrl,
    })
    return { store, refused: null, close: () => store.close() }
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error
    return { store: null, refused: error, close: async () => {} }
  }
}
