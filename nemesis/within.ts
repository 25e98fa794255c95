import { setTimeout as sleep } from 'node:timers/promises'

/** Rejects with what was waited for when it does not come in time. */
export async function within<T>(ms: number, what: string, coming: Promise<T>): Promise<T> {
  const stop = new AbortController()
  const late = sleep(ms, undefined, { signal: stop.signal, ref: false }).then(() => {
    throw new Error(`Waited ${ms} ms for ${what}`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([coming, late])
  } finally {
    stop.abort()
  }
}

/** Whether it comes to be true in time. */
export async function becomes(ms: number, condition: () => boolean): Promise<boolean> {
  const until = performance.now() + ms
  while (!condition()) {
    if (performance.now() > until) return false
    await sleep(10)
  }
  return true
}
