import type { Graph } from '../graph/graph.ts'
import { OperationBudget } from './dispatch.ts'
import type { ReadMemory } from './memory.ts'
import { Reads } from './reads.ts'

// Long enough for all who are connected to be served, short enough that a late reader sees Graph as it is then.
const lifetimeMs = 2_000

/**
 * One set of reads per event, for all subscribers that it is sent to: whoever comes first reads, the others
 * share the answer. The viewer is part of every key below, so nobody sees what another may not.
 */
export class EventReads {
  readonly #graph: Graph
  readonly #memory: ReadMemory
  readonly #end: AbortSignal
  readonly #bySeq = new Map<number, Reads>()

  constructor(graph: Graph, memory: ReadMemory, end: AbortSignal) {
    this.#graph = graph
    this.#memory = memory
    this.#end = end
  }

  of(seq: number): Reads {
    const known = this.#bySeq.get(seq)
    if (known) return known
    const reads = new Reads(this.#graph, this.#memory, {
      signal: this.#end,
      fresh: true,
      budget: new OperationBudget(),
    })
    this.#bySeq.set(seq, reads)
    setTimeout(() => this.#bySeq.delete(seq), lifetimeMs).unref()
    return reads
  }
}
