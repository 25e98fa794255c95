import { setTimeout as pause } from 'node:timers/promises'

/** The event log, whose head is known here once memory has forgotten all that events up to there are about. */
interface FollowedLog {
  head(): Promise<number>
}

/** How long an operation waits to be told by the store how far the log is. */
const patienceMs = 1_000

/** While the store cannot be asked, memory answers with what Graph has said within this time, and with nothing older. */
export const uncheckedMs = 5_000

/**
 * Before memory answers an operation, the store is asked how far the event log is, and memory forgets what other instances
 * have changed: a write that was answered there before the operation began is seen here, however late notifications are.
 * Operations of the same moment share one question, and none shares one that was asked before it began.
 */
export class MemoryCheck {
  readonly #log: FollowedLog
  readonly #count: (isChecked: boolean) => void
  readonly #patienceMs: number
  /** The last question had no answer, or has none yet after all that patience. */
  #isAway = false

  constructor(log: FollowedLog, count: (isChecked: boolean) => void, waitMs = patienceMs) {
    this.#log = log
    this.#count = count
    this.#patienceMs = waitMs
  }

  /** Whether memory is up to date now. While the store is away this is false at once, and it is asked all the same. */
  async isCurrent(): Promise<boolean> {
    const asked = this.#ask()
    const isCurrent = !this.#isAway && (await this.#soon(asked))
    this.#count(isCurrent)
    return isCurrent
  }

  async #ask(): Promise<boolean> {
    try {
      await this.#log.head()
      this.#isAway = false
    } catch {
      this.#isAway = true
    }
    return !this.#isAway
  }

  async #soon(asked: Promise<boolean>): Promise<boolean> {
    const leave = new AbortController()
    const late = pause(this.#patienceMs, 'late' as const, { signal: leave.signal, ref: false }).catch(
      () => 'late',
    )
    const answer = await Promise.race([asked, late])
    leave.abort()
    if (typeof answer === 'boolean') return answer
    this.#isAway = true
    return false
  }
}
