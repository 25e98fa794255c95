import DataLoader from 'dataloader'
import type { CallOptions, Graph } from '../graph/graph.ts'
import type { GraphOutcome } from '../graph/outcome-of.ts'
import type { OperationBudget } from './operation-budget.ts'
import type { InFlightRead } from './in-flight-reads.ts'
import { toRead, type GraphCall } from './graph-call.ts'
import type { ReadMemory } from './memory.ts'
import { endpointKey } from './read-request.ts'

export interface DispatchOptions {
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  readonly memory: ReadMemory
  readonly options: CallOptions & { readonly signal: AbortSignal }
  /** Nothing that was asked before this began is good enough. */
  readonly fresh: boolean
  /** Of the operation as a whole; null when each read stands for itself. */
  readonly budget: OperationBudget | null
}

/** The outcomes in the order of the jobs. What somebody else with the same credential is asking is waited for. */
export async function dispatch(
  jobs: readonly GraphCall[],
  asking: DispatchOptions,
  begun: number,
): Promise<readonly GraphOutcome[]> {
  const { graph, memory, options, fresh, budget } = asking
  const since = memory.cache.since
  const calls = jobs.map((job) => {
    const read = toRead(job)
    const key = endpointKey(read.endpoint, read.as)
    const other = fresh ? null : memory.flights.find(key, since, begun)
    return { job, read, key, other, refusal: other ? null : (budget?.take(1, options.tally) ?? null) }
  })
  const own = calls.filter(({ other, refusal }) => !other && !refusal).map(({ read }) => read)
  const asked = own.length > 0 ? graph.readAll(own, { ...options, begun }) : Promise.resolve([])
  const again = new DataLoader((left: readonly GraphCall[]) => dispatch(left, asking, begun), {
    cache: false,
  })
  let next = 0
  const outcomes = calls.map(({ job, key, other, refusal }) => {
    if (refusal) return { error: refusal }
    if (other) return waitFor(other, begun, () => again.load(job))
    const place = next++
    const outcome = asked.then((all) => all[place] as GraphOutcome)
    memory.flights.add(key, { outcome, since, begun })
    return outcome
  })
  return Promise.all(outcomes)
}

/**
 * Whoever asked first may have left and taken the call along, or had less time than is left here: then it is asked again,
 * by one of those who waited, together with what else that one waited for.
 */
async function waitFor(
  flight: InFlightRead,
  begun: number,
  again: () => Promise<GraphOutcome>,
): Promise<GraphOutcome> {
  const outcome = await flight.outcome
  if (!('error' in outcome)) return outcome
  const { kind } = outcome.error
  const isTheirs = kind === 'aborted' || (kind === 'timeout' && flight.begun < begun)
  return isTheirs ? again() : outcome
}
