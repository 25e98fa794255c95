import { z } from 'zod'

import type { SolutionRow } from '../world/rows.ts'
import { type BoundNode, type Nodes, edge, node, value } from './bound.ts'

const Tasks = z.array(z.string().regex(/^[A-Z_]+$/)).min(1)
const SolutionStatus = z.enum(['DRAFT', 'INITIATED', 'ACTIVE', 'REJECTED', 'DEACTIVATED'])
const PendingRequest = z.enum(['NONE', 'PENDING_ACTIVATION', 'PENDING_DEACTIVATION'])

// Meta's guide "Multi-Partner Solutions" and the reference page of GET /{Solution-ID}
export function solutionNode(nodes: Nodes, solution: SolutionRow): BoundNode {
  return {
    type: 'WhatsAppBusinessSolution',
    id: solution.id,
    defaults: ['name', 'status', 'status_for_pending_request'],
    fields: {
      id: value(z.string(), () => solution.id),
      name: value(z.string().min(2).max(75), () => solution.name),
      status: value(SolutionStatus, () => solution.status),
      status_for_pending_request: value(PendingRequest, () => solution.pending),
      owner_app: node(() => nodes.app(solution.ownerAppId)),
      owner_permissions: value(Tasks, () => solution.ownerTasks),
      partners: edge(() => ({
        path: `${solution.id}/partners`,
        takes: [],
        paged: true,
        keys: () => solution.partnerIds,
        row: nodes.partner,
      })),
    },
  }
}
