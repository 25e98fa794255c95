import type { AppConfig } from '../config.ts'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import { witnessOf } from './definitions.ts'
import { mergeFields } from './merge-fields.ts'
import type { Reads } from './reads.ts'
import { Seen } from './seen.ts'
import { fieldRefused } from './suspects.ts'

/**
 * The node as the first of the apps sees it that can; null when Graph knows none of that type for any of them. An app
 * that cannot be asked hides nothing that another one sees; when none sees it, its failure is the answer.
 */
export async function findNode<T extends GraphNodeType>(
  reads: Reads,
  type: T,
  id: string,
  fields: FieldTree,
  apps: readonly AppConfig[],
): Promise<Seen<T> | null> {
  // The witness comes first, so that of an object of another type it is what Graph names.
  const wanted = mergeFields(['id', witnessOf(type)], fields)
  let failure: GraphError | null = null
  for (const app of apps) {
    try {
      const { node, asked } = await reads.read(type, id, { app }, wanted)
      return new Seen(type, id, { app }, asked, node as Partial<GraphNodes[T]>)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (!isAbsent(error, type)) failure ??= error
    }
  }
  if (failure) throw failure
  return null
}

function isAbsent(error: GraphError, type: GraphNodeType): boolean {
  if (error.kind === 'not-found') return true
  return error.code === 100 && fieldRefused(error) === witnessOf(type)
}
