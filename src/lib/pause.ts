import { setTimeout as sleep } from 'node:timers/promises'

/** Ends early, and without an error, when the signal ends. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0 && !signal?.aborted)
    await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined)
}

/** Does it again each second until it works, for a minute at most; null when it never did. It keeps no process alive. */
export async function untilItWorks<T>(work: () => Promise<T>): Promise<T | null> {
  for (let tries = 0; tries < 60; tries++) {
    await sleep(1_000, undefined, { ref: false })
    try {
      return await work()
    } catch {
      // Whoever began this has said so.
    }
  }
  return null
}
