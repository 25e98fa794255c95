import { Allocation } from '../credit/allocation.ts'
import type { StoredEvent } from '../events/event.ts'
import { toGlobalId } from './ids.ts'
import { Seen } from '../reads/seen.ts'
import { builder } from './builder.ts'
import { eventTypeName } from '../events/kinds.ts'
import { PartnerRow } from './refs.ts'

export type NodeShape =
  | Seen<'App' | 'Solution' | 'ClientWaba' | 'Business' | 'PhoneNumber' | 'CreditLine'>
  | Allocation
  | PartnerRow
  | StoredEvent

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
  if (node instanceof Seen) return toGlobalId(node.type, node.id)
  if (node instanceof Allocation) return toGlobalId('CreditAllocation', node.id)
  if (node instanceof PartnerRow) return toGlobalId('Partner', `${node.solution.id}:${node.row.id}`)
  return toGlobalId(eventTypeName(node), String(node.seq))
}
