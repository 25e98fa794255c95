import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../../context.ts'

/** How often the clock is read, which may be set while nobody reads it. */
const lookMs = 5_000

/** Waits for a time or for a wake-up, whichever comes first. A wake-up while nobody waits is not lost. */
export class WakeSignal {
  #rung = Promise.withResolvers<void>()
  #isRung = false

  wake(): void {
    this.#isRung = true
    this.#rung.resolve()
  }

  /** True when it was woken. The signal is reset then. */
  async waitUntil(time: number, clock: Ctx['clock'], signal: AbortSignal): Promise<boolean> {
    while (!this.#isRung && !signal.aborted && clock() < time) await this.#nap(time - clock(), signal)
    const isRung = this.#isRung
    this.#isRung = false
    this.#rung = Promise.withResolvers()
    return isRung
  }

  async #nap(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const nap = sleep(Math.min(ms, lookMs), undefined, {
      signal: AbortSignal.any([signal, over.signal]),
      ref: false,
    })
    await Promise.race([this.#rung.promise, nap.catch(() => {})])
    over.abort()
  }
}

/** Runs at most this many pieces of work at a time. The others wait in the order in which they came. */
export function limitConcurrency(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((begin) => waiting.push(begin))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
