import type { AppConfig } from '../config/config.ts'
import { cooldownScope } from '../graph/budget/budget.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { GraphError, outcomeOf, type GraphOutcome } from '../graph/error.ts'
import type { Graph } from '../graph/graph.ts'
import type { FieldTree } from '../graph/fields.ts'
import { isDeadCursor, type Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { OperationBudget } from '../reads/dispatch.ts'
import type { ReadMemory } from '../reads/memory.ts'
import { Reads } from '../reads/reads.ts'
import type { ListedRows } from './compare.ts'
import type { HeldLease } from './lease-guard.ts'
import { pause } from '../lib/pause.ts'

/** Reads as the app, unless another viewer is given. */
export type Read = <T>(endpoint: Endpoint<T>, as?: Viewer) => Promise<T>

export interface Pace {
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  /** Fields that Graph refused are shared with the queries of clients. */
  readonly memory: ReadMemory
  readonly app: AppConfig
  readonly pauseMs: number
  readonly signal: AbortSignal
  readonly lease: HeldLease
}

/**
 * Sends one request at a time, with a pause between two. Once Graph throttles, or the run must stop, every further request
 * fails at once.
 */
export class PacedReads {
  readonly #pace: Pace
  #calls = 0
  #end: GraphError | null = null

  constructor(pace: Pace) {
    this.#pace = pace
  }

  readonly read: Read = async (endpoint, as = { app: this.#pace.app }) => {
    const over = await this.#turn()
    if (over) throw over
    const { graph, signal } = this.#pace
    return this.#insist(await outcomeOf(graph.call(endpoint, as, { signal, priority: 'background' })))
  }

  /** A page of rows of one type, with as many of these fields as Graph gives. */
  async page<T>(
    type: string,
    fields: FieldTree,
    list: (fields: string) => Endpoint<Page<T>>,
  ): Promise<Page<T>> {
    const over = await this.#turn()
    if (over) throw over
    const { app } = this.#pace
    return this.#insist(await outcomeOf(this.#reads().page(type, fields, list, { app }))).page
  }

  /** Reads each of these objects, fifty in one request. */
  async together<T>(
    ids: readonly string[],
    read: (reads: Reads, id: string) => Promise<T>,
  ): Promise<readonly (readonly [id: string, outcome: GraphOutcome<T>])[]> {
    const found: (readonly [string, GraphOutcome<T>])[] = []
    for (let from = 0; from < ids.length; from += mostTogether) {
      const over = await this.#turn()
      const reads = this.#reads()
      const some = ids.slice(from, from + mostTogether).map(async (id) => {
        const outcome = over ? { error: over } : await outcomeOf(read(reads, id))
        if ('error' in outcome && endsAll(outcome.error) && !isOfOne(outcome.error))
          this.#end ??= outcome.error
        return [id, outcome] as const
      })
      found.push(...(await Promise.all(some)))
    }
    return found
  }

  #insist<T>(outcome: GraphOutcome<T>): T {
    if ('value' in outcome) return outcome.value
    if (endsAll(outcome.error)) this.#end = outcome.error
    throw outcome.error
  }

  async #turn(): Promise<GraphError | null> {
    const { pauseMs, signal, lease } = this.#pace
    if (!this.#end && this.#calls++ > 0) await pause(pauseMs, signal)
    if (!this.#end && (signal.aborted || !lease.isHeld()))
      this.#end = new GraphError('aborted', 'The look has ended.')
    return this.#end
  }

  #reads(): Reads {
    const { graph, memory, signal } = this.#pace
    return new Reads(graph, memory, {
      signal,
      priority: 'background',
      fresh: true,
      budget: new OperationBudget(),
    })
  }
}

// docs/graph-api/batch-requests
const mostTogether = 50

const endsAll = ({ kind }: GraphError): boolean => kind === 'throttled' || kind === 'aborted'

/** True when only this account has used up its allowance, so the others can still be read. */
const isOfOne = (error: GraphError): boolean => cooldownScope(error) === 'object'

export interface ListRead<T> extends ListedRows<T> {
  /** Why the list is not complete. */
  readonly error: GraphError | null
}

const mostTries = 3

/**
 * Reads every page of a list, or those before a failure. It begins again when Graph no longer accepts its cursor because
 * rows were added or removed. After three such tries the rows read last are returned, as an incomplete list.
 */
export async function readEveryPage<T>(
  page: (after: string | undefined) => Promise<Page<T>>,
): Promise<ListRead<T>> {
  for (let tries = 1; ; tries++) {
    const list = await readOnce(page)
    if (!list.error || list.error !== changed || tries === mostTries) return list
  }
}

const changed = new GraphError('unavailable', 'The list has changed each time that it was read.')

async function readOnce<T>(page: (after: string | undefined) => Promise<Page<T>>): Promise<ListRead<T>> {
  const rows: T[] = []
  let after: string | undefined
  try {
    for (;;) {
      const answer: Page<T> = await page(after)
      rows.push(...answer.data)
      if (answer.after === null) return { rows, complete: true, error: null }
      if (answer.after === after) throw new GraphError('malformed', 'A list goes round in a circle.')
      after = answer.after
    }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return { rows, complete: false, error: after !== undefined && isDeadCursor(error) ? changed : error }
  }
}
