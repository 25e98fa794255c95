import DataLoader from 'dataloader'
import type { Graph } from '../graph/graph.ts'
import type { CallOptions, Tally } from '../graph/endpoint.ts'
import { type GraphOutcome, GraphError } from '../graph/error.ts'
import { toRead, type GraphCall, endpointKey } from './plan.ts'

export interface DispatchOptions {
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  readonly memory: {
    readonly cache: { readonly since: number }
    readonly inFlight: InFlightReads
  }
  readonly options: CallOptions & { readonly signal: AbortSignal }
  /** Nothing that was asked before this began is good enough. */
  readonly fresh: boolean
  /** Of the operation as a whole; null when each read stands for itself. */
  readonly budget: OperationBudget | null
}

/** The outcomes in the order of the calls. A read that is under way for the same credential is waited for, not sent again. */
export async function dispatch(
  calls: readonly GraphCall[],
  to: DispatchOptions,
  begun: number,
): Promise<readonly GraphOutcome[]> {
  const { graph, memory, options, fresh, budget } = to
  const since = memory.cache.since
  const reads = calls.map((call) => {
    const read = toRead(call)
    const key = endpointKey(read.endpoint, read.as)
    const other = fresh ? null : memory.inFlight.find(key, since, begun)
    return { call, read, key, other, refusal: other ? null : (budget?.take(1, options.tally) ?? null) }
  })
  const own = reads.filter(({ other, refusal }) => !other && !refusal).map(({ read }) => read)
  const asked = own.length > 0 ? graph.readAll(own, { ...options, begun }) : Promise.resolve([])
  const again = new DataLoader((left: readonly GraphCall[]) => dispatch(left, to, begun), {
    cache: false,
  })
  let next = 0
  const outcomes = reads.map(({ call, key, other, refusal }) => {
    if (refusal) return { error: refusal }
    if (other) return waitFor(other, begun, () => again.load(call))
    const index = next++
    const outcome = asked.then((all) => all[index] as GraphOutcome)
    memory.inFlight.add(key, { outcome, since, begun })
    return outcome
  })
  return Promise.all(outcomes)
}

/**
 * Whoever asked first may have left and taken the call along, or had less time than is left here: then it is asked again,
 * by one of those who waited, together with what else that one waited for.
 */
async function waitFor(
  read: InFlightRead,
  begun: number,
  again: () => Promise<GraphOutcome>,
): Promise<GraphOutcome> {
  const outcome = await read.outcome
  if (!('error' in outcome)) return outcome
  const { kind } = outcome.error
  const isTheirs = kind === 'aborted' || (kind === 'timeout' && read.begun < begun)
  return isTheirs ? again() : outcome
}

export interface InFlightRead {
  readonly outcome: Promise<GraphOutcome>
  /** What had been evicted when it began. */
  readonly since: number
  /** When the operation that it is a part of began: its deadline counts from there. */
  readonly begun: number
}

/** Reads that are under way. The key holds the credential, so only who has the same may wait along. */
export class InFlightReads {
  readonly #reads = new Map<string, InFlightRead>()

  /**
   * A read that began after everything that was evicted so far, and ends no later than one of one's own would: its answer
   * is as good.
   */
  find(key: string, since: number, begun: number): InFlightRead | null {
    const read = this.#reads.get(key)
    return read && read.since === since && read.begun <= begun ? read : null
  }

  add(key: string, read: InFlightRead): void {
    this.#reads.set(key, read)
    const end = (): void => {
      if (this.#reads.get(key) === read) this.#reads.delete(key)
    }
    read.outcome.then(end, end)
  }
}

/** What an operation may use as a whole: one deadline, which counts from its beginning, and so many units of Graph. */
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
