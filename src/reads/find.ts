import type { AppConfig } from '../config/config.ts'
import type { GraphNodes, GraphNodeType } from '../graph/endpoints/nodes.ts'
import type { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import { outcomeOf } from '../graph/outcome-of.ts'
import { witnessOf } from './definitions.ts'
import { mergeFields } from './merge-fields.ts'
import type { Reads } from './reads.ts'
import { NodeHandle } from './node-handle.ts'
import { namedIn } from './suspects.ts'

/**
 * The node as the first of the apps sees it that can; null when Graph knows none of that type for any of them. An app
 * that cannot be asked hides nothing that another one sees; when none sees it, what is remembered of the node is the
 * answer, or else the failure. All of them together have one deadline.
 */
export async function findNode<T extends GraphNodeType>(
  reads: Reads,
  type: T,
  id: string,
  fields: FieldTree,
  apps: readonly AppConfig[],
): Promise<NodeHandle<T> | null> {
  // The witness comes first, so that of an object of another type it is what Graph names.
  const wanted = mergeFields(['id', witnessOf(type)], fields)
  const begun = performance.now()
  let failure: GraphError | null = null
  let part: NodeHandle<T> | null = null
  for (const app of apps) {
    const outcome = await outcomeOf(reads.read(type, id, { app }, wanted, begun))
    if ('error' in outcome) {
      if (!isAbsent(outcome.error, type)) failure ??= outcome.error
      continue
    }
    const { node, asked, failures, isRemembered } = outcome.value
    const seen = new NodeHandle(type, id, { app }, asked, node as Partial<GraphNodes[T]>)
    if (!isRemembered) return seen
    part ??= seen.noteFailures(failures)
  }
  if (part) return part
  if (failure) throw failure
  return null
}

function isAbsent(error: GraphError, type: GraphNodeType): boolean {
  if (error.kind === 'not-found') return true
  const named = namedIn(error)
  // Where Graph says itself that the node is of the type, it refuses the field and denies nothing.
  return error.code === 100 && named?.field === witnessOf(type) && named.type !== type
}
