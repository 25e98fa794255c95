import { StoreUnavailable } from '../log.ts'
import { setTimeout as sleep } from 'node:timers/promises'

// BUSY and LOCKED: https://www.sqlite.org/rescode.html
const busy = [5, 6]

// Codes that the file or its disk causes, besides those: NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
const unusable = new Set([...busy, 7, 8, 10, 11, 13, 14, 15, 26])

/** SQLite's primary result code, without the extension in its upper bytes. */
export function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: number } | null)?.errcode
  return code === undefined ? undefined : code & 0xff
}

/** Another connection holds the lock, and will release it soon. */
export function isBusy(error: unknown): boolean {
  return busy.includes(resultCode(error) ?? 0)
}

/** Whether the store is to blame, and not the statement. */
export function isUnavailable(error: unknown): boolean {
  return unusable.has(resultCode(error) ?? 0) || isClosed(error)
}

function isClosed(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === 'ERR_INVALID_STATE'
}

/** StoreUnavailable when the store is to blame; otherwise the error itself. */
export function toStoreError(error: unknown): unknown {
  if (!isUnavailable(error)) return error
  return new StoreUnavailable(`The event store cannot be used: ${(error as Error).message}`, { cause: error })
}

/** How long a write waits in all for the lock of another connection, so that Meta is still answered within 250 ms. */
export const patienceMs = 200

/** The pause between two tries, in which the event loop is free. */
export const pauseMs = 25

/** Repeats a write while another connection holds the lock. */
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
