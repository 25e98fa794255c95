import type { AppConfig } from '../config.ts'
import type { GraphNodeType } from '../graph/endpoints/nodes.ts'
import { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import { mergeFields } from './merge-fields.ts'
import type { Reads } from './reads.ts'
import { Seen } from './seen.ts'

/**
 * A field that only nodes of the type have. An id says nothing of its type, and Graph answers `id` and `name` for any:
 * without it the id of an app would pass for that of an account.
 */
const witness: Partial<Record<GraphNodeType, string>> = {
  Solution: 'status_for_pending_request',
  ClientWaba: 'message_template_namespace',
  PhoneNumber: 'display_phone_number',
}

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
  const asked = mergeFields(fields, [witness[type] ?? 'id'])
  let failure: GraphError | null = null
  for (const app of apps) {
    try {
      return new Seen(type, id, { app }, asked, await reads.node(type, id, { app }, asked))
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (!isAbsent(error, type)) failure ??= error
    }
  }
  if (failure) throw failure
  return null
}

function isAbsent({ kind, code, message }: GraphError, type: GraphNodeType): boolean {
  if (kind === 'not-found') return true
  return code === 100 && message.includes(`nonexisting field (${witness[type]})`)
}
