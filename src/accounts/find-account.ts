import type { AppConfig } from '../config/config.ts'
import { appsNamed, type Ctx } from '../context.ts'
import { noAccount, type Account } from './account.ts'
import { noSuchApp, severalApps, type Problem } from '../errors/problem.ts'
import { findNode } from '../reads/find.ts'
import { onboardingOf } from './owner.ts'

export type { Account } from './account.ts'

export interface AccountInput {
  readonly wabaId: string
  readonly appId: string | null
}

/** The account, and the app that acts: the one that was named, or the only one that sees the account. */
export async function findAccount(ctx: Ctx, { wabaId, appId }: AccountInput): Promise<Account | Problem> {
  const apps = appsNamed(ctx, appId)
  if (apps.length === 0) return noSuchApp
  const seen = await Promise.all(apps.map((app) => findNode(ctx.reads, 'ClientWaba', wabaId, ['id'], [app])))
  const [app, ...others] = seen.flatMap((waba) => waba?.viewer.app ?? [])
  if (!app) return noAccount
  return others.length > 0
    ? severalApps([app, ...others], 'both see this account')
    : accountOf(ctx, app, wabaId)
}

/** Who the customer is, the events say. */
export async function accountOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Account> {
  const known = await onboardingOf(ctx, { wabaId }, app.appId)
  const customer = known && { businessId: known.ownerBusinessId, solutionId: known.solutionId }
  return { app, wabaId, customer }
}
