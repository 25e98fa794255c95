import { StoreRefused } from '../events/log.ts'
import { openStore, type Store } from '../events/store.ts'

export interface LookedAt {
  /** Null when there is none that this release can read as it is. */
  readonly store: Store | null
  /** Why there is none. */
  readonly refused: StoreRefused | null
  close(): Promise<void>
}

/** The store as it is: nothing is created, and no migration is applied. */
export async function openStoreToLook(databaseUrl: string): Promise<LookedAt> {
  try {
    const store = await openStore(databaseUrl, { mustExist: true, startPatienceMs: 0 })
    return { store, refused: null, close: () => store.close() }
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error
    return { store: null, refused: error, close: async () => {} }
  }
}
