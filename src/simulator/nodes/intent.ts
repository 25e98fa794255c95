import { z } from 'zod'

import type { IntentRow } from '../world/intent.ts'
import { type BoundNode, type Nodes, node, value } from './bound.ts'

const Status = z.enum(['INITIATED', 'ACCEPTED', 'COMPLETED', 'REJECTED'])

// As printed in guide "Migrating WABAs among solutions via Meta Business Suite"
const wabaDefaults = ['name', 'currency', 'timezone_id', 'business_type', 'message_template_namespace']

/** Meta's reference "Migration Intent Details API". */
export function intentNode(nodes: Nodes, intent: IntentRow): BoundNode {
  const account = (id: string | undefined): BoundNode | undefined => {
    const bound = id === undefined ? undefined : nodes.waba(id)
    return bound && { ...bound, defaults: wabaDefaults }
  }
  return {
    type: 'WhatsAppBusinessAccountMigrationIntent',
    id: intent.id,
    defaults: ['solution', 'status', 'destination_waba'],
    fields: {
      id: value(z.string(), () => intent.id),
      status: value(Status, () => intent.status),
      waba: node(() => account(intent.wabaId)),
      destination_waba: node(() => account(intent.destinationWabaId)),
      solution: node(() => (intent.solutionId === undefined ? undefined : nodes.solution(intent.solutionId))),
    },
  }
}
