import { z } from 'zod'

import { seconds } from '../clock.ts'
import { forbidden, invalid } from '../graph/error.ts'
import { text } from '../graph/params.ts'
import { needPermission } from '../graph/permission.ts'
import { proofMissing } from '../graph/proof.ts'
import { checked } from '../graph/shape.ts'
import { businessToken } from '../world/token.ts'
import type { Route } from './route.ts'

const Fetched = z.strictObject({ access_token: z.string() })

/** Guide "Hosted Embedded Signup": the customer's business token without a code. Here the proof is never optional. */
export const fetchCustomerToken: Route = ({ scope: { sim, world, caller }, id, params }) => {
  if (caller.kind !== 'system' || caller.businessId === id) {
    throw forbidden("This call needs the system token of a partner, and a customer's portfolio in the path")
  }
  needPermission(caller, 'business_management')
  if (!params.has('appsecret_proof')) throw proofMissing()
  // Without it the edge makes tokens of a portfolio's own system users, which is not simulated
  if (text(params, 'fetch_only') !== 'true') throw invalid('Param fetch_only must be true')
  const token = businessToken(world, caller.app.id, id, seconds(sim.clock.now()))
  if (token === undefined) throw forbidden('The business has not let this app in')
  return checked('CustomerToken', Fetched, { access_token: token.token })
}
