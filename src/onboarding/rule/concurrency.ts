import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../../context.ts'

/** So often the clock is looked at, which may be set while nobody looks. */
const lookMs = 5_000

/** Somebody waits for a time or to be rung up, whichever comes first. A ring while nobody waits is not lost. */
export class WakeSignal {
  #rung = Promise.withResolvers<void>()
  #isRung = false

  wake(): void {
    this.#isRung = true
    this.#rung.resolve()
  }

  /** True when it was rung; then it can be rung again. */
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

/** Lets so many pieces of work go on at once; the others wait for their turn, in the order in which they came. */
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
