import { storeOver, type Store } from '../sql/store.ts'
import type { TailLimits } from '../tail.ts'
import { claimStore, type Claim } from './claim.ts'
import { SqliteLog } from './log.ts'
import { openDatabase } from './open.ts'

export interface SqliteOptions {
  readonly serves: boolean
  readonly mustExist: boolean
  readonly tail: Partial<TailLimits>
}

export function openSqlite(path: string, { serves, mustExist, tail }: SqliteOptions): Store {
  let claim: Claim | null = null
  const release = (): void => claim?.release()
  try {
    const claimIt = (): void => {
      if (serves) claim = claimStore(path)
    }
    const database = openDatabase(path, { mustExist, claim: claimIt })
    const store = storeOver(new SqliteLog(database), tail)
    return { ...store, close: () => store.close().finally(release) }
  } catch (error) {
    release()
    throw error
  }
}
