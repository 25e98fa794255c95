interface FollowedLog {
  /**
   * Memory has forgotten what all events are about that were in the store in the next turn of the event loop. The store is
   * read no sooner than then.
   */
  caughtUp(): Promise<void>
}

/** How long an operation waits to be told by the store how far the log is. */
const patienceMs = 1_000

/** How many questions are under way at most. */
const mostUnderWay = 2

/** While the store cannot be asked, memory answers with what Graph has said within this time, and with nothing older. */
export const uncheckedMs = 5_000

/**
 * Before memory answers an operation, the store is asked how far the event log is, and memory forgets what other instances
 * have changed: a write that was answered there before the operation began is seen here, however late notifications are.
 * Operations of the same moment share one question, and no operation shares one that was asked before it began. While two
 * are under way, all that begin share the next.
 */
export class MemoryCheck {
  readonly #log: FollowedLog
  readonly #count: (isChecked: boolean) => void
  readonly #patienceMs: number
  readonly #underWay = new Set<Promise<void>>()
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
    while (this.#underWay.size >= mostUnderWay) await Promise.race(this.#underWay)
    // Before the log takes its turn: whoever begins later is not served by this question.
    setImmediate(() => (this.#next = null))
    const asked = this.#ask()
    const over: Promise<void> = asked.then(() => void this.#underWay.delete(over))
    this.#underWay.add(over)
    return asked
  }

  async #ask(): Promise<boolean> {
    const told = (isAway: boolean) => (): boolean => !(this.#isAway = isAway)
    const known = this.#log.caughtUp().then(told(false), told(true))
    const late = Promise.withResolvers<null>()
    const timer = setTimeout(late.resolve, this.#patienceMs, null).unref()
    const answer = await Promise.race([known, late.promise])
    clearTimeout(timer)
    if (answer !== null) return answer
    this.#isAway = true
    return false
  }
}
