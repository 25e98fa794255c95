import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { attachToWaba, readOwnerInfo, shareAndAttach, shareWithBusiness } from '../graph/endpoints/credit.ts'
import { viewerOfAccount, aboutOf } from '../accounts/account.ts'
import { attach, remember, type Share, sharingVerb } from './attach.ts'
import { noOwner } from './problems.ts'
import type { CreditReadBack } from './read-back.ts'
import { runWrite } from '../writes/run.ts'
import { z } from 'zod'
import type { NewEvent } from '../events/event.ts'
import type { Sharing } from '../events/sharings.ts'
import { readAudit } from '../writes/audit.ts'
import { listActive } from './lines.ts'

/** "Share and revoke credit lines": one call shares the line with the owner and attaches it to the account. */
export function inOneStep(ctx: Ctx, share: Share): Promise<CreditReadBack | Problem> {
  const { app } = share.account
  return attach(ctx, share, async (attachment, sending) => {
    const { value, traceId } = await ctx.graph.write(shareAndAttach(attachment), { app }, sending)
    return { createdId: value.allocation_config_id, traceId }
  })
}

/** The alternate method of the same page: a write each, so that whatever dies between them is found and gone on with. */
export async function inTwoSteps(ctx: Ctx, share: Share): Promise<CreditReadBack | Problem> {
  const businessId = await ownerOf(ctx, share)
  if (businessId === null) return noOwner
  const shared = await shareWithOwner(ctx, share, businessId)
  if (typeof shared !== 'string') return shared
  const done = await attach(ctx, share, async (attachment, sending) => {
    const endpoint = attachToWaba(attachment, share.facts.token)
    const { value, traceId } = await ctx.graph.write(endpoint, viewerOfAccount(share.account), sending)
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

export const sharingWithOwnerVerb = 'share_credit_line_with_business'

/** Shares the line with the business that owns the account; one that has it keeps its record. The allocation's id. */
export async function shareWithOwner(
  ctx: Ctx,
  { account, lineId, input }: Share,
  businessId: string,
): Promise<string | Problem> {
  const { app, wabaId } = account
  const outcome = await runWrite<string | null, null, Problem, null>(ctx, {
    app,
    verb: sharingWithOwnerVerb,
    object: `line:${lineId} business:${businessId}`,
    key: input.idempotencyKey,
    input: [lineId, businessId],
    about: { ...aboutOf(account), ownerBusinessId: businessId },
    readState: async () => {
      ctx.reads.renew()
      return (await listActive(ctx, app, lineId, businessId)).rows[0]?.id ?? null
    },
    record: () => null,
    send: async (_, sending) => {
      const { value, traceId } = await ctx.graph.write(
        shareWithBusiness(lineId, businessId),
        { app },
        sending,
      )
      return { createdId: value.allocation_config_id, traceId }
    },
    outcomeIn: (allocationId) => (allocationId === null ? 'not-made' : { createdId: allocationId }),
    readBack: async (allocationId) => {
      const ids = { appId: app.appId, allocationId, businessId, creditLineId: lineId }
      await remember(ctx, { ...ids, wabaId, attached: false })
      return null
    },
    publishes: (allocationId) => ({ kind: 'OTHER', after: { allocationId, creditLineId: lineId } }),
  })
  return 'type' in outcome ? outcome : outcome.createdId
}

const afterShape = z.object({ allocationId: z.string(), creditLineId: z.string() })

/** What is to be kept of a sharing whose process died before it could: its event says all of it. Null of other events. */
export function sharingTold(event: NewEvent): Sharing | null {
  const { appId, field: verb, wabaId, ownerBusinessId: businessId, occurredAt, payload } = event
  if (event.source !== 'GATEWAY' || (verb !== sharingVerb && verb !== sharingWithOwnerVerb)) return null
  const audit = readAudit(payload)
  const after = afterShape.safeParse(audit?.after)
  if (audit?.outcome !== 'DONE' || businessId === null || !after.success) return null
  return { appId, wabaId, businessId, ...after.data, attached: verb === sharingVerb, sharedAt: occurredAt }
}
