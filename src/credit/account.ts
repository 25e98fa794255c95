import type { AppConfig } from '../config.ts'
import { appOf, type Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors.ts'
import { GraphError } from '../graph/error.ts'
import type { Customer, Viewer } from '../graph/viewer.ts'
import { findNode } from '../loaders/find.ts'
import { onboardingOf } from '../wabas/owner.ts'
import { creditLinesOf } from './lines.ts'
import { noAccount, noCreditLine } from './problems.ts'

/** An account, as an app sees it that may share credit with it. */
export interface CreditAccount {
  readonly app: AppConfig
  readonly wabaId: string
  /** Null when it cannot be told who owns the account. */
  readonly customer: Customer | null
}

/** Who asks with the customer's business token. */
export const asCustomer = ({ app, customer }: CreditAccount): Viewer =>
  customer === null ? { app } : { app, customer }

export const aboutOf = ({ wabaId, customer }: CreditAccount) => ({
  wabaId,
  ownerBusinessId: customer?.businessId ?? null,
  solutionId: customer?.solutionId ?? null,
})

export async function accountOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<CreditAccount> {
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
  try {
    const { owner_business: owner } = await ctx.reads.node('ClientWaba', wabaId, { app }, ['owner_business'])
    return owner?.id ?? null
  } catch (error) {
    if (error instanceof GraphError && !error.transient) return null
    throw error
  }
}

/** An app that sees the account. */
interface Candidate {
  readonly app: AppConfig
  readonly lineIds: readonly string[]
  /** Why its lines could not be read. */
  readonly failure: unknown
}

export interface Sharer {
  readonly account: CreditAccount
  /** Lines of the app's business: one at least. */
  readonly lineIds: readonly string[]
}

/** The account, and the app that acts: the one that was named, or the only one that sees the account and has a line. */
export async function findSharer(
  ctx: Ctx,
  { wabaId, appId }: { readonly wabaId: string; readonly appId: string | null },
): Promise<Sharer | Problem> {
  const apps = appId === null ? ctx.actor.apps : [appOf(ctx, appId)].filter((app) => app !== null)
  if (apps.length === 0)
    return invalidInput(['input', 'appId'], 'The gateway holds no such app for this caller.')
  const seen = await Promise.all(apps.map((app) => candidate(ctx, app, wabaId)))
  const candidates = seen.filter((one) => one !== null)
  const [first] = candidates
  if (!first) return noAccount
  const [only, ...others] = candidates.filter(({ lineIds }) => lineIds.length > 0)
  if (!only) return whyNone(candidates, first.app)
  if (others.length > 0) return ambiguous([only, ...others])
  return { account: await accountOf(ctx, only.app, wabaId), lineIds: only.lineIds }
}

/** Null when the app does not see the account. An app whose lines cannot be read is in the way of no other. */
async function candidate(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Candidate | null> {
  const read = creditLinesOf(ctx, app).then(
    (lines) => ({ lineIds: lines.map(({ id }) => id), failure: null }),
    (failure: unknown) => ({ lineIds: [], failure }),
  )
  const [waba, lines] = await Promise.all([findNode(ctx.reads, 'ClientWaba', wabaId, ['id'], [app]), read])
  return waba && { app, ...lines }
}

function whyNone(candidates: readonly Candidate[], first: AppConfig): Problem {
  const failed = candidates.find(({ failure }) => failure !== null)
  if (failed) throw failed.failure
  return noCreditLine(first.appId)
}

function ambiguous(candidates: readonly Candidate[]): Problem {
  const ids = candidates.map(({ app }) => app.appId).join(' and ')
  return invalidInput(['input', 'appId'], `Apps ${ids} could both share credit: say which one acts.`)
}
