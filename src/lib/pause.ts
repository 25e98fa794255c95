import { setTimeout as sleep } from 'node:timers/promises'

/** Ends early, and without an error, when the signal ends. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms > 0 && !signal?.aborted)
    await sleep(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined)
}
