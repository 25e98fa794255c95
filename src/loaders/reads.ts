import DataLoader from 'dataloader'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import { printFields, type FieldTree } from '../graph/fields.ts'
import type { Graph } from '../graph/graph.ts'
import { viewerKey, type Viewer } from '../graph/viewer.ts'
import { readBatch } from './read-batch.ts'

export interface NodeKey {
  readonly type: GraphNodeType
  readonly id: string
  readonly viewer: Viewer
  readonly fields: FieldTree
}

type AnyNode = GraphNodes[GraphNodeType]

/** The node reads of one operation: those of one tick go to Graph together, none goes twice. */
export class Reads {
  #nodes: DataLoader<NodeKey, AnyNode, string>

  constructor(graph: Graph, signal: AbortSignal) {
    this.#nodes = new DataLoader((keys) => readBatch(graph, keys, signal), { cacheKeyFn: cacheKey })
  }

  async node<T extends GraphNodeType>(
    type: T,
    id: string,
    viewer: Viewer,
    fields: FieldTree,
  ): Promise<GraphNodes[T]> {
    const key = { type, id, viewer, fields }
    try {
      return (await this.#nodes.load(key)) as GraphNodes[T]
    } catch (error) {
      // Those who waited share the failure; whoever comes later asks again.
      this.#nodes.clear(key)
      throw error
    }
  }

  /** Goes on with the reads of another: what they have is not read again. */
  join(other: Reads): void {
    this.#nodes = other.#nodes
  }

  /** Forgets what was read: the look after a write sees Graph anew. */
  renew(): void {
    this.#nodes.clearAll()
  }
}

// The viewer is part of the key: two viewers may see different data under one id.
function cacheKey({ type, id, viewer, fields }: NodeKey): string {
  return `${viewerKey(viewer)} ${type} ${id} ${printFields(fields)}`
}
