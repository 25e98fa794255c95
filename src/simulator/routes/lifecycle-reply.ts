import { z } from 'zod'

import { renderNode, requestedFields } from '../graph/select.ts'
import { checked } from '../graph/shape.ts'
import type { Json } from '../json.ts'
import type { LifecycleCall } from '../lifecycle/rules.ts'
import type { SolutionRow } from '../world/rows.ts'
import { partnersOf } from '../world/solution.ts'
import type { RouteCall } from './route.ts'
import { success } from './success.ts'

const Accepted = z.strictObject({
  solution_id: z.string(),
  partner_status: z.literal('ACCEPTED'),
  success: z.literal(true),
  message: z.string(),
  update_time: z.iso.datetime(),
})
const Rejected = z.strictObject({
  success: z.literal(true),
  solution_id: z.string(),
  rejected_request_type: z.literal('PARTNERSHIP_REQUEST'),
  rejection_timestamp: z.iso.datetime(),
  partner_app_id: z.string(),
})
const Sent = z.strictObject({ success: z.literal(true), message: z.string(), request_id: z.string() })

/** The guide answers every step with success alone; Meta's reference pages and OpenAPI file show these others. */
export function replyTo(name: LifecycleCall, call: RouteCall, solution: SolutionRow): Json {
  if (call.scope.world.settings.replyShapes === 'guide') return success()
  const at = new Date(call.scope.sim.clock.now()).toISOString()
  switch (name) {
    case 'accept': {
      const done = {
        partner_status: 'ACCEPTED',
        success: true,
        message: 'Solution accepted',
        update_time: at,
      }
      return checked('SolutionAccepted', Accepted, { solution_id: solution.id, ...done })
    }
    case 'reject': {
      const what = { rejected_request_type: 'PARTNERSHIP_REQUEST', rejection_timestamp: at }
      const who = { solution_id: solution.id, partner_app_id: call.scope.caller.app.id }
      return checked('SolutionRejected', Rejected, { success: true, ...what, ...who })
    }
    case 'send_deactivation_request': {
      const request_id = `${solution.id}${partnersOf(call.scope.world, solution).length}`
      return checked('DeactivationSent', Sent, { success: true, message: 'Request sent', request_id })
    }
    case 'accept_deactivation_request':
    case 'reject_deactivation_request':
      return nodeReply(call, solution)
  }
}

function nodeReply({ scope, params }: RouteCall, solution: SolutionRow): Json {
  const node = scope.nodes.solution(solution.id)
  return node === undefined ? success() : renderNode(node, requestedFields(params), scope)
}
