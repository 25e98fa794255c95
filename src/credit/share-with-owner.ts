import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import { shareWithBusiness } from '../graph/endpoints/credit.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import { aboutOf } from '../accounts/account.ts'
import { listActive } from './list.ts'
import { remember } from './remember.ts'
import type { Share } from './sharing.ts'

export const sharingWithOwnerVerb = 'share_credit_line_with_business'

interface Already {
  readonly already: string
}

/** Shares the line with the business that owns the account; one that has it keeps its record. The allocation's id. */
export async function shareWithOwner(ctx: Ctx, share: Share, businessId: string): Promise<string | Problem> {
  const write = writeOf(ctx, share, businessId)
  const outcome = await runWrite(ctx, write)
  if ('refused' in outcome) return outcome.refused.already
  if ('problem' in outcome) return outcome.problem
  const { app, wabaId } = share.account
  const ids = { appId: app.appId, allocationId: outcome.createdId, businessId, creditLineId: share.lineId }
  await remember(ctx, { ...ids, wabaId, attached: false })
  await outcome.publish()
  return outcome.createdId
}

function writeOf(ctx: Ctx, { account, lineId, input }: Share, businessId: string): Write<null, Already> {
  const { app } = account
  const look = async () => {
    ctx.reads.renew()
    const { rows } = await listActive(ctx, app, lineId, businessId)
    return rows[0]?.id ?? null
  }
  return {
    app,
    verb: sharingWithOwnerVerb,
    object: `line:${lineId} business:${businessId}`,
    key: input.idempotencyKey,
    input: [lineId, businessId],
    about: { ...aboutOf(account), ownerBusinessId: businessId },
    prepare: async () => {
      const already = await look()
      return already === null ? { before: null } : { refused: { already } }
    },
    send: async () => {
      const { value, traceId } = await ctx.graph.write(shareWithBusiness(lineId, businessId), { app })
      return { createdId: value.allocation_config_id, traceId }
    },
    lookUpOutcome: async () => {
      const createdId = await look()
      return createdId === null ? 'not-made' : { createdId }
    },
    publishes: (allocationId) => ({ kind: 'OTHER', after: { allocationId, creditLineId: lineId } }),
  }
}
