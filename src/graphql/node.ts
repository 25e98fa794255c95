import type { StoredEvent } from '../events/event.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { eventTypeName } from '../events/kinds.ts'
import { toGlobalId, type NodeType } from './ids.ts'
import { builder } from './builder.ts'

export type NodeShape =
  | NodeHandle<'App' | 'Solution' | 'ClientWaba' | 'Business' | 'PhoneNumber' | 'CreditLine'>
  | SelfNamed
  | StoredEvent

/** What is more than a node of Graph says itself which type and key its global id has. */
export interface SelfNamed {
  readonly globalKey: { readonly type: NodeType; readonly key: string }
}

/** Every type with a global id. */
export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description: 'Anything with a global id.',
  fields: (t) => ({
    id: t.id({
      description: 'Global id: opaque and typed. An id of one type is refused where another is asked for.',
      resolve: globalIdOf,
    }),
  }),
})

function globalIdOf(node: NodeShape): string {
  if (node instanceof NodeHandle) return toGlobalId(node.type, node.id)
  if ('globalKey' in node) return toGlobalId(node.globalKey.type, node.globalKey.key)
  return toGlobalId(eventTypeName(node), String(node.seq))
}
