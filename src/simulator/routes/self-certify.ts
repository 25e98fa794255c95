import { z } from 'zod'

import { seconds } from '../clock.ts'
import { GraphError, forbidden, invalid, refused } from '../graph/error.ts'
import { requiredId, text } from '../graph/params.ts'
import { needPermission } from '../graph/permission.ts'
import { checked } from '../graph/shape.ts'
import { put } from '../world/create.ts'
import { isSolutionPartner } from '../world/person.ts'
import { documentsOf } from './documents.ts'
import type { Route, RouteCall } from './route.ts'

const Received = z.strictObject({
  success: z.literal(true),
  message: z.string(),
  verification_attempts: z.int().min(1),
})
const mostAttempts = 3

/** Guide "Partner-led business verification": Select and Premier Solution Partners, token of an admin. */
function guard({ scope: { world, caller }, id }: RouteCall): void {
  const admin = caller.kind === 'system' && world.users.get(caller.app.systemUserId)?.role === 'ADMIN'
  if (!admin || caller.businessId !== id) {
    throw forbidden('This call needs the token of an admin system user of the portfolio in the path')
  }
  needPermission(caller, 'business_management')
  if (!isSolutionPartner(world, id)) {
    throw new GraphError(10, '(#10) This business is not eligible for this endpoint')
  }
}

/** The customer has come through Embedded Signup, and has tries left: three, by whichever partner. */
function customerOf({ scope: { world }, id, params }: RouteCall): [customer: string, attempt: number] {
  const customer = requiredId(params, 'end_business_id')
  const signedUp = [...world.wabas.values()].some(
    (waba) =>
      waba.ownerBusinessId === customer && waba.sharedWith.includes(id) && waba.partnerInitiated !== true,
  )
  if (!signedUp) throw invalid('Param end_business_id must be a business that this partner has onboarded')
  const before = [...world.submissions.values()].filter((row) => row.clientBusinessId === customer)
  if (before.length >= mostAttempts) {
    throw refused(
      100,
      `The business has been submitted ${mostAttempts} times: only its owner can verify it now`,
    )
  }
  return [customer, before.length + 1]
}

export const selfCertify: Route = (call) => {
  guard(call)
  const { scope, id, params } = call
  const { world, caller, sim } = scope
  documentsOf(params)
  const [clientBusinessId, verification_attempts] = customerOf(call)
  const [now, vertical] = [seconds(sim.clock.now()), text(params, 'business_vertical')]
  put(world, 'submission', world.submissions, {
    id: world.nextId('submission'),
    appId: caller.app.id,
    partnerBusinessId: id,
    clientBusinessId,
    status: 'PENDING',
    reasons: [],
    ...(vertical === undefined ? {} : { vertical }),
    submittedAt: now,
    updatedAt: now,
  })
  const business = world.businesses.get(clientBusinessId)
  if (business && business.verificationStatus !== 'verified') {
    world.businesses.set(business.id, { ...business, verificationStatus: 'pending' })
  }
  const message = 'Your request has been received and will be reviewed shortly.'
  return checked('SelfCertified', Received, { success: true, message, verification_attempts })
}
