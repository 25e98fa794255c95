import { needFinance } from '../graph/credit-access.ts'
import { notFound, refused } from '../graph/error.ts'
import { renderEdge, requestedFields } from '../graph/select.ts'
import { type Json, isList } from '../json.ts'
import { allocationsOf } from '../nodes/allocation.ts'
import { revokeAllocation } from '../world/credit.ts'
import type { Route } from './route.ts'
import { success } from './success.ts'

/**
 * An edge, so `{data:[…]}`, and Meta's Business SDK takes nothing else. The sample of page share-and-revoke-credit-lines,
 * which asks for one business, is the bare record; none or several cannot be written that way.
 */
export const listAllocations: Route = ({ scope, id, params }) => {
  needFinance(scope)
  const { world, nodes } = scope
  const line = world.creditLines.get(id)
  if (line === undefined) throw notFound(id)
  const list = renderEdge(allocationsOf(nodes, line), params, requestedFields(params), scope)
  const bare = world.settings.allocationReply === 'record' && params.has('receiving_business_id')
  return (bare ? only(list.data) : undefined) ?? list
}

const only = (rows: Json | undefined): Json | undefined =>
  isList(rows) && rows.length === 1 ? rows[0] : undefined

/** The same page: every account of the business loses the line, and the record stays readable as DELETED. */
export const deleteAllocation: Route = ({ scope, id }) => {
  needFinance(scope)
  const allocation = scope.world.credit.allocations.get(id)
  if (allocation === undefined) throw notFound(id, 'DELETE')
  if (allocation.revoked) throw refused(100, 'The line is not shared any more')
  revokeAllocation(scope.world, allocation)
  return success()
}
