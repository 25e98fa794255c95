interface FollowedLog {
  /**
   * Where the log ends, once memory has forgotten all that events up to there are about. The store is read in a later turn
   * of the event loop than that in which it is called.
   */
  head(): Promise<number>
}

/** How long an operation waits to be told by the store how far the log is. */
const patienceMs = 1_000

/** While the store cannot be asked, memory answers with what Graph has said within this time, and with nothing older. */
export const uncheckedMs = 5_000

/**
 * Before memory answers an operation, the store is asked how far the event log is, and memory forgets what other instances
 * have changed: a write that was answered there before the operation began is seen here, however late notifications are.
 * Operations that begin while a question is under way share the next one; none shares one that was asked before it began.
 */
export class MemoryCheck {
  readonly #log: FollowedLog
  readonly #count: (isChecked: boolean) => void
  readonly #patienceMs: number
  #underWay: Promise<unknown> | null = null
  /** A question that the store has not been asked yet. */
  #next: Promise<boolean> | null = null
  /** The last question had no answer, or has none yet after all that patience. */
  #isAway = false

  constructor(log: FollowedLog, count: (isChecked: boolean) => void, waitMs = patienceMs) {
    this.#log = log
    this.#count = count
    this.#patienceMs = waitMs
  }

  /** Whether memory is up to date now. While the store is away this is false at once, and it is asked all the same. */
  async isCurrent(): Promise<boolean> {
    const asked = (this.#next ??= this.#askNext())
    const isCurrent = !this.#isAway && (await asked)
    this.#count(isCurrent)
    return isCurrent
  }

  async #askNext(): Promise<boolean> {
    if (this.#underWay) await this.#underWay
    // Before the log takes its turn: whoever begins later is not served by this question.
    setImmediate(() => (this.#next = null))
    const asked = this.#ask()
    const underWay = asked.then(() => {
      if (this.#underWay === underWay) this.#underWay = null
    })
    this.#underWay = underWay
    return asked
  }

  async #ask(): Promise<boolean> {
    const told = (isAway: boolean) => (): boolean => !(this.#isAway = isAway)
    const head = this.#log.head().then(told(false), told(true))
    const late = Promise.withResolvers<null>()
    const timer = setTimeout(late.resolve, this.#patienceMs, null).unref()
    const answer = await Promise.race([head, late.promise])
    clearTimeout(timer)
    if (answer !== null) return answer
    this.#isAway = true
    return false
  }
}
