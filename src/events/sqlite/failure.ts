import { StoreUnavailable } from '../log.ts'
import { setTimeout as sleep } from 'node:timers/promises'

// BUSY and LOCKED: https://www.sqlite.org/rescode.html
const busy = [5, 6]

// Besides, what the file or its disk is to blame for: NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
const unusable = new Set([...busy, 7, 8, 10, 11, 13, 14, 15, 26])

/** SQLite's primary result code, without the extension in its upper bytes. */
export function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number } | null)?.errcode
  return code === undefined ? undefined : code & 0xff
}

/** Another connection holds the lock: soon it may not. */
export function isBusy(error: unknown): boolean {
  return busy.includes(resultCode(error) ?? 0)
}

/** The store is to blame, and not what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  return unusable.has(resultCode(error) ?? 0) || isClosed(error)
}

function isClosed(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'ERR_INVALID_STATE'
}

/** What the caller is told: StoreUnavailable when the store is to blame, else the error as it is. */
export function toStoreError(error: unknown): unknown {
  if (!isUnavailable(error)) return error
  return new StoreUnavailable(`The event store cannot be used: ${(error as Error).message}`, { cause: error })
}

/** How long a write waits for another connection's lock in all: Meta is answered within 250 ms also then. */
export const patienceMs = 200

/** Between two tries the event loop is free. */
export const pauseMs = 25

/** Tries a write again while another connection holds the lock. */
export async function patiently<T>(write: () => T): Promise<T> {
  const since = performance.now()
  for (;;) {
    try {
      return write()
    } catch (error) {
      if (!isLocked(error) || performance.now() - since > patienceMs) throw error
      await sleep(pauseMs)
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof StoreUnavailable && isBusy(error.cause)
}
