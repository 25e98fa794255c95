import { appIdsOf, type Ctx } from '../context.ts'
import type { Onboarding } from '../events/log.ts'
import { GraphError } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'
import { Seen } from '../loaders/seen.ts'

/**
 * The business that owns an account. Graph tells it to the customer's business token only, and that token is
 * asked for by the business id: the onboarding webhook is what says it first.
 */
export async function ownerOf(ctx: Ctx, wabaId: string, viewer: Viewer): Promise<Seen<'Business'>> {
  const onboarding = await ctx.log.onboarding({ wabaId }, appIdsOf(ctx))
  if (onboarding) return asCustomer(onboarding, viewer)
  throw new GraphError(
    'token',
    'Reading the owner needs its business token, and no onboarding of this account has been seen that says whose it is.',
  )
}

export function asCustomer({ ownerBusinessId, solutionId }: Onboarding, { app }: Viewer): Seen<'Business'> {
  const customer = { businessId: ownerBusinessId, solutionId }
  return new Seen('Business', ownerBusinessId, { app, customer })
}
