import type { AppConfig } from '../config/config.ts'
import { appsNamed, type Ctx } from '../context.ts'
import { noSuchApp, severalApps, type Problem } from '../errors/problem.ts'
import { findNode } from '../reads/node-handle.ts'
import { accountOf, noAccount, type Account } from '../accounts/account.ts'
import { creditLinesOf } from './lines.ts'
import { noCreditLine } from './problems.ts'

/** An app that sees the account. */
interface Candidate {
  readonly app: AppConfig
  readonly lineIds: readonly string[]
  /** Why its lines could not be read. */
  readonly failure: unknown
}

export interface Sharer {
  readonly account: Account
  /** Lines of the app's business: one at least. */
  readonly lineIds: readonly string[]
}

/** The account, and the app that acts: the one that was named, or the only one that sees the account and has a line. */
export async function findSharer(
  ctx: Ctx,
  { wabaId, appId }: { readonly wabaId: string; readonly appId: string | null },
): Promise<Sharer | Problem> {
  const apps = appsNamed(ctx, appId)
  if (apps.length === 0) return noSuchApp
  const seen = await Promise.all(apps.map((app) => candidate(ctx, app, wabaId)))
  const candidates = seen.filter((one) => one !== null)
  const [first] = candidates
  if (!first) return noAccount
  const [only, ...others] = candidates.filter(({ lineIds }) => lineIds.length > 0)
  if (!only) return whyNone(candidates, first.app)
  if (others.length > 0)
    return severalApps([only.app, ...others.map(({ app }) => app)], 'could both share credit')
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
