import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { shareWithBusiness } from '../graph/endpoints/credit.ts'
import { runWrite } from '../writes/run.ts'
import { aboutOf } from '../accounts/account.ts'
import { listActive } from './list.ts'
import { remember } from './remember.ts'
import type { Share } from './sharing.ts'

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
    send: async () => {
      const { value, traceId } = await ctx.graph.write(shareWithBusiness(lineId, businessId), { app })
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
