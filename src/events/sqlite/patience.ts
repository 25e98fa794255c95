import { setTimeout as sleep } from 'node:timers/promises'
import { StoreUnavailable } from '../log.ts'
import { isBusy } from './failure.ts'

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
