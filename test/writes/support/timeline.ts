import { setImmediate as turn } from 'node:timers/promises'

interface Alarm {
  readonly at: number
  readonly ring: () => void
}

/** Time that passes only when nothing is left to do at a moment. What goes on outside of it is waited for. */
export class Timeline {
  now = 1_700_000_000_000
  readonly #alarms: Alarm[] = []
  #underway = 0

  sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#alarms.push({ at: this.now + Math.max(0, ms), ring: resolve })
    return promise
  }

  /** Work that takes no time, such as that of a real store. */
  async outside<T>(work: () => Promise<T>): Promise<T> {
    this.#underway++
    try {
      return await work()
    } finally {
      this.#underway--
    }
  }

  /** Until nothing is left that would ever happen. */
  async run(): Promise<void> {
    for (;;) {
      await this.#settle()
      const next = this.#alarms.reduce<Alarm | null>((a, b) => (a && a.at <= b.at ? a : b), null)
      if (!next) return
      this.#alarms.splice(this.#alarms.indexOf(next), 1)
      this.now = Math.max(this.now, next.at)
      next.ring()
    }
  }

  async #settle(): Promise<void> {
    do for (let turns = 0; turns < 4; turns++) await turn()
    while (this.#underway > 0)
  }
}
