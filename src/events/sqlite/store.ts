import type { Migration } from '../sql/migrations.ts'
import { type Store, storeOver, type StoreParts } from '../sql/store.ts'
import { SqliteLog } from './log.ts'
import { openDatabase } from './open.ts'
import { realpathSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './failure.ts'
import { refuseUsedFile } from './refusal.ts'

export interface SqliteOptions extends StoreParts {
  readonly serves: boolean
  readonly mustExist: boolean
  readonly later: readonly Migration[]
}

export function openSqlite(path: string, { serves, mustExist, later, ...parts }: SqliteOptions): Store {
  let claim: Claim | null = null
  const release = (): void => claim?.release()
  try {
    const claimIt = (): void => {
      if (serves) claim = claimStore(path)
    }
    const database = openDatabase(path, { mustExist, later, claim: claimIt })
    const store = storeOver(new SqliteLog(database), parts)
    return { ...store, close: () => store.close().finally(release) }
  } catch (error) {
    release()
    throw error
  }
}

interface Claim {
  release(): void
}

/**
 * Claims a store for the one gateway that serves from it, because readers of a second one would not learn what the first
 * appends. The claim is SQLite's own lock on an empty file beside the store. It ends with its process, however that ends,
 * and does not lock the store itself: `mps-gateway replay` works beside a gateway.
 */
function claimStore(path: string): Claim {
  if (path === ':memory:') return { release: () => {} }
  const lock = new DatabaseSync(`${realPath(path)}-lock`, { timeout: 0 })
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return { release: () => lock.close() }
  } catch (error) {
    lock.close()
    throw isBusy(error) ? refuseUsedFile(path) : error
  }
}

/** Two names of one file are one store, so links are resolved. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
