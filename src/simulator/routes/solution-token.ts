import { z } from 'zod'

import { seconds } from '../clock.ts'
import { forbidden, invalid } from '../graph/error.ts'
import { requiredId } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import type { TokenRow, WabaRow } from '../world/rows.ts'
import { businessToken, sixtyDays } from '../world/token.ts'
import type { Route, RouteCall } from './route.ts'

const Guide = z.strictObject({ data: z.array(z.strictObject({ access_token: z.string() })).length(1) })
const Reference = z.strictObject({ access_token: z.string(), expires_at: z.int() })

/** Guide "Multi-Partner Solutions": the customer's business token, asked for with the system token. */
export const readSolutionToken: Route = (call) => {
  const { scope, params } = call
  if (scope.caller.kind !== 'system') throw forbidden('This call needs the system user access token')
  const access_token = tokenFor(call, requiredId(params, 'business_id')).token
  if (scope.world.settings.replyShapes === 'guide') {
    return checked('SolutionToken', Guide, { data: [{ access_token }] })
  }
  const expires_at = seconds(scope.sim.clock.now()) + sixtyDays
  return checked('SolutionToken', Reference, { access_token, expires_at })
}

function tokenFor({ scope: { sim, world, caller }, id }: RouteCall, businessId: string): TokenRow {
  const shared = (waba: WabaRow): boolean =>
    waba.ownerBusinessId === businessId &&
    waba.solutionIds.includes(id) &&
    waba.sharedWith.includes(caller.app.businessId)
  const token = businessToken(world, caller.app.id, businessId, seconds(sim.clock.now()))
  if (token === undefined || ![...world.wabas.values()].some(shared)) {
    throw invalid('The business has shared no WhatsApp Business Account with this solution')
  }
  return token
}
