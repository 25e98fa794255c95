import type { StoredEvent } from '../events/event.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { eventTypeName } from '../events/kinds.ts'
import { toGlobalId, type ViewedType } from './ids.ts'
import { builder } from './builder.ts'

export type NodeShape =
  | NodeHandle<'App' | 'Solution' | 'ClientWaba' | 'Business' | 'PhoneNumber' | 'CreditLine'>
  | SelfNamed
  | StoredEvent

/** What is more than a node of Graph says itself what its global id is made of. */
export interface SelfNamed {
  readonly viewer: Viewer
  readonly globalKey: { readonly type: ViewedType; readonly key: string }
}

/** Every type with a global id. */
export const Node = builder.interfaceRef<NodeShape>('Node').implement({
  description: 'Anything with a global id.',
  fields: (t) => ({
    id: t.id({
      description:
        'Global id: opaque and typed. An id of one type is refused where another is asked for. It names the app of the caller ' +
        'that sees the thing, since what is shown may differ from app to app: equal ids have equal fields. Ids without an app, ' +
        'from before, are still taken, as are the ids of Meta where a description says so.',
      resolve: globalIdOf,
    }),
  }),
})

function globalIdOf(node: NodeShape): string {
  if (!('viewer' in node)) return toGlobalId(eventTypeName(node), String(node.seq))
  const { type, key } = 'globalKey' in node ? node.globalKey : { type: node.type, key: node.id }
  return toGlobalId(type, key, node.viewer.app.appId)
}
