import { StoreUnavailable } from '../log.ts'

/** When none of those who have their turn is done for so long, all of them count as stuck. */
const stuckMs = 1000

const longestMs = 5000

interface Waiting {
  readonly since: number
  readonly begin: () => void
  readonly timer: NodeJS.Timeout
}

/**
 * Lets a number of callers go at a time, and the others in order. Who waits is refused when nobody has moved on for a
 * second, so that a slow network costs time only, and calls that hang are not waited for.
 */
export class Turns {
  #limit: number
  #taken = 0
  #movedAt = 0
  #waiting: Waiting[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  async take(): Promise<void> {
    if (this.#taken < this.#limit) {
      this.#taken++
      return
    }
    await this.#wait(performance.now())
  }

  giveBack(): void {
    this.#taken--
    this.#movedAt = performance.now()
    this.#grant()
  }

  setLimit(limit: number): void {
    this.#limit = limit
    this.#grant()
  }

  #grant(): void {
    while (this.#taken < this.#limit) {
      const next = this.#waiting.shift()
      if (!next) return
      clearTimeout(next.timer)
      this.#taken++
      next.begin()
    }
  }

  #wait(since: number): Promise<void> {
    return new Promise((begin, reject) => {
      const check = (): void => {
        const rest = Math.min(Math.max(this.#movedAt, since) + stuckMs, since + longestMs) - performance.now()
        if (rest > 0) return void waiting.timer.refresh()
        this.#waiting = this.#waiting.filter((one) => one !== waiting)
        clearTimeout(waiting.timer)
        reject(new StoreUnavailable('The event store cannot be used: all connections are busy'))
      }
      const waiting: Waiting = { since, begin, timer: setTimeout(check, stuckMs / 4) }
      this.#waiting.push(waiting)
    })
  }
}
