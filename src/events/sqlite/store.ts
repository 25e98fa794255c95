import { storeOver, type Store } from '../sql/store.ts'
import type { TailLimits } from '../tail.ts'
import { SqliteLog } from './log.ts'
import { openDatabase } from './open.ts'

export function openSqlite(path: string, { tail }: { readonly tail: Partial<TailLimits> }): Store {
  return storeOver(new SqliteLog(openDatabase(path)), tail)
}
