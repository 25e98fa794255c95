import type { AppConfig } from '../config.ts'
import { appOf, type Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors.ts'
import type { Viewer } from '../graph/viewer.ts'
import { findNode } from '../loaders/find.ts'
import type { Seen } from '../loaders/seen.ts'
import { onboardingOf } from '../wabas/owner.ts'

/** A customer's account as one app of ours sees it. */
export interface Account {
  readonly app: AppConfig
  readonly wabaId: string
  /** Who asks with the customer's business token. Without a known customer such a call fails, and says why. */
  readonly viewer: Viewer
}

export interface AccountInput {
  readonly wabaId: string
  readonly appId: string | null
}

/** The account, and the app that acts: the one that was named, or the only one that sees the account. */
export async function findAccount(ctx: Ctx, { wabaId, appId }: AccountInput): Promise<Account | Problem> {
  const apps = appId === null ? ctx.actor.apps : [appOf(ctx, appId)].filter((app) => app !== null)
  if (apps.length === 0)
    return invalidInput(['input', 'appId'], 'The gateway holds no such app for this caller.')
  const seen = await Promise.all(apps.map((app) => findNode(ctx.reads, 'ClientWaba', wabaId, ['id'], [app])))
  const [waba, ...others] = seen.filter((one) => one !== null)
  if (!waba) return gatewayProblem('NOT_FOUND', 'There is no such account, or it is not shared with the app.')
  return others.length > 0 ? ambiguous([waba, ...others]) : accountOf(ctx, waba.viewer.app, wabaId)
}

function ambiguous(seen: readonly Seen<'ClientWaba'>[]): Problem {
  const ids = seen.map(({ viewer }) => viewer.app.appId).join(' and ')
  return invalidInput(['input', 'appId'], `Apps ${ids} both see this account: say which one acts.`)
}

/** Who the customer is, the events say. */
export async function accountOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Account> {
  const known = await onboardingOf(ctx, { wabaId }, app.appId)
  if (!known) return { app, wabaId, viewer: { app } }
  const { ownerBusinessId: businessId, solutionId } = known
  return { app, wabaId, viewer: { app, customer: { businessId, solutionId } } }
}
