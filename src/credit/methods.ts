import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { attachToWaba, readOwnerInfo, shareAndAttach } from '../graph/endpoints/credit.ts'
import { viewerOfAccount } from '../accounts/account.ts'
import { attach } from './attach.ts'
import { noOwner } from './problems.ts'
import type { ReadBack } from './read-back.ts'
import { shareWithOwner } from './share-with-owner.ts'
import type { Share } from './sharing.ts'

/** "Share and revoke credit lines": one call shares the line with the owner and attaches it to the account. */
export function inOneStep(ctx: Ctx, share: Share): Promise<ReadBack | Problem> {
  const { app } = share.account
  return attach(ctx, share, async (attachment) => {
    const { value, traceId } = await ctx.graph.write(shareAndAttach(attachment), { app })
    return { createdId: value.allocation_config_id, traceId }
  })
}

/** The alternate method of the same page: a write each, so that whatever dies between them is found and gone on with. */
export async function inTwoSteps(ctx: Ctx, share: Share): Promise<ReadBack | Problem> {
  const businessId = await ownerOf(ctx, share)
  if (businessId === null) return noOwner
  const shared = await shareWithOwner(ctx, share, businessId)
  if (typeof shared !== 'string') return shared
  const done = await attach(ctx, share, async (attachment) => {
    const endpoint = attachToWaba(attachment, share.facts.token)
    const { value, traceId } = await ctx.graph.write(endpoint, viewerOfAccount(share.account))
    return { createdId: value.allocation_config_id ?? shared, traceId }
  })
  return 'type' in done ? halfDone(done, shared, businessId) : done
}

/** Graph alone says with whom the line is shared: a webhook may name somebody else, and sharing is money. */
async function ownerOf(ctx: Ctx, { account, facts }: Share): Promise<string | null> {
  const endpoint = readOwnerInfo(account.wabaId, facts.token)
  const { owner_business_info: owner } = await ctx.reads.call(endpoint, viewerOfAccount(account))
  return owner?.id ?? null
}

/** The first step stands: who reads of the failure has to know. */
const halfDone = (problem: Problem, allocationId: string, businessId: string): Problem => ({
  ...problem,
  message:
    `The line is shared with business ${businessId} (allocation ${allocationId}), and the account is not known to have ` +
    `taken it: ${problem.message}`,
})
