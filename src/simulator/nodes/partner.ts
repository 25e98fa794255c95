import { z } from 'zod'

import type { PartnerRow } from '../world/rows.ts'
import { type BoundNode, type Nodes, node, value } from './bound.ts'

const Tasks = z.array(z.string().regex(/^[A-Z_]+$/)).min(1)
const PartnerStatus = z.enum([
  'DRAFT',
  'INITIATED',
  'NOTIFICATION_SENT',
  'ACCEPTED',
  'REJECTED',
  'DEACTIVATED',
])

/** An invited app; the owner has no such row. Guide "Multi-Partner Solutions", edge `partners`. */
export function partnerNode(nodes: Nodes, partner: PartnerRow): BoundNode {
  return {
    type: 'WhatsAppBusinessSolutionPartner',
    id: partner.id,
    defaults: ['partner_app', 'status'],
    fields: {
      id: value(z.string(), () => partner.id),
      status: value(PartnerStatus, () => partner.status),
      partner_app: node(() => nodes.app(partner.appId)),
      partner_permissions: value(Tasks, () => partner.tasks),
    },
  }
}
