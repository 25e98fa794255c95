import { GraphError } from '../graph/error.ts'
import type { Tally } from '../graph/graph.ts'

/** What an operation may take as a whole: one deadline, which counts from its beginning, and so many units. */
export class OperationBudget {
  readonly begun = performance.now()
  readonly #units: number
  #asked = 0
  #spent: BudgetExceeded | null = null

  constructor(units = Infinity) {
    this.#units = units
  }

  /** Null when a read may leave. From the first that may not, none may. `tally` counts retries and tokens as well. */
  take(units: number, tally: Tally | undefined): BudgetExceeded | null {
    const found = Math.max(this.#asked, tally?.units ?? 0) + units
    if (found > this.#units) this.#spent ??= new BudgetExceeded(this.#units, found)
    if (this.#spent) return this.#spent
    this.#asked = found
    return null
  }
}

/** A read that was not sent, since the operation has used up what it may cost. */
export class BudgetExceeded extends GraphError {
  readonly allowed: number
  readonly found: number

  constructor(allowed: number, found: number) {
    super(
      'input',
      `The query comes to ${found} Graph units; at most ${allowed} are allowed. This was not asked.`,
    )
    this.allowed = allowed
    this.found = found
  }
}
