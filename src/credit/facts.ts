import type { AppConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import type { CreditAccount } from './account.ts'
import { fundingIfKnown, type FundingRead } from './funding.ts'
import type { ActiveAllocation, Facts } from './guard.ts'
import { listActive } from './list.ts'

export interface Known extends Facts {
  /** The token that opens the account; the business token as long as nothing says otherwise. */
  readonly token: FundingRead['token']
}

/** What a decision about sharing rests on, as Graph says it now. */
export async function readFacts(
  ctx: Ctx,
  account: CreditAccount,
  lineIds: readonly string[],
): Promise<Known> {
  const { app, wabaId, customer } = account
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  const [read, ...active] = await Promise.all([
    fundingIfKnown(ctx, account),
    ...lineIds.map((lineId) => activeOn(ctx, app, lineId, customer?.businessId ?? null)),
  ])
  return {
    funding: read && { id: read.funding.primary_funding_id ?? null, currency: read.funding.currency ?? null },
    token: read?.token ?? 'business',
    active: active.flat(),
    takenLineIds: stored.flatMap(({ attached, creditLineId }) =>
      attached && creditLineId !== null ? [creditLineId] : [],
    ),
  }
}

async function activeOn(
  ctx: Ctx,
  app: AppConfig,
  lineId: string,
  businessId: string | null,
): Promise<readonly ActiveAllocation[]> {
  if (businessId === null) return []
  const { rows } = await listActive(ctx, app, lineId, businessId)
  return rows.map(({ id, receiving_credential: credential }) => ({
    id,
    lineId,
    credentialId: credential?.id ?? null,
  }))
}
