import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { Customer, Viewer } from '../graph/viewer.ts'
import { unlessRefused } from '../graph/outcome-of.ts'
import { onboardingOf } from './owner.ts'

/** A customer's account as one app of ours sees it. */
export interface Account {
  readonly app: AppConfig
  readonly wabaId: string
  /** Null when it cannot be told who owns the account. */
  readonly customer: Customer | null
}

/** Who asks with the customer's business token. Without a known customer such a call fails, and says why. */
export const asCustomer = ({ app, customer }: Account): Viewer =>
  customer === null ? { app } : { app, customer }

export const aboutOf = ({ wabaId, customer }: Account) => ({
  wabaId,
  ownerBusinessId: customer?.businessId ?? null,
  solutionId: customer?.solutionId ?? null,
})

export async function accountOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Account> {
  return { app, wabaId, customer: await customerOf(ctx, app, wabaId) }
}

/** Who owns the account: what an onboarding said, what was stored when a line was shared, what Graph says. */
async function customerOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Customer | null> {
  const known = await onboardingOf(ctx, { wabaId }, app.appId)
  const [stored] = await ctx.sharings.find({ wabaId }, [app.appId])
  // What another app was told does not stand against what this one has stored.
  const isTold = known?.appId === app.appId || !stored || stored.businessId === known?.ownerBusinessId
  if (known && isTold) return { businessId: known.ownerBusinessId, solutionId: known.solutionId }
  const businessId = stored?.businessId ?? (await ownerAtGraph(ctx, app, wabaId))
  return businessId === null ? null : { businessId, solutionId: null }
}

async function ownerAtGraph(ctx: Ctx, app: AppConfig, wabaId: string): Promise<string | null> {
  const waba = await unlessRefused(ctx.reads.node('ClientWaba', wabaId, { app }, ['owner_business']))
  return waba?.owner_business?.id ?? null
}

export const noAccount: Problem = gatewayProblem(
  'NOT_FOUND',
  'There is no such account, or it is not shared with the app.',
)
