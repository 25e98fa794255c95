import type { AppConfig } from '../config.ts'
import { creditLinesOf } from '../credit/lines.ts'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { unlessRefused } from '../graph/outcome-of.ts'
import { newestBack } from './newest-back.ts'

// Meta's guide "Multi-Partner Solutions": a Tech Provider in a solution may onboard 200 new customers in a rolling week.
const limit = 200
const weekMs = 7 * 24 * 60 * 60_000

export interface OnboardingQuota {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  readonly nextReleaseAt: number | null
}

/** The limit is a Tech Provider's: of a business with a credit line, which shares it as a Solution Partner, no page says one. */
export async function hasQuota(ctx: Ctx, app: AppConfig): Promise<boolean> {
  // Whom Graph shows no credit lines has none to share.
  const lines = (await unlessRefused(creditLinesOf(ctx, app))) ?? []
  return lines.length === 0
}

/** The customers that came through the app within a week and never before, as far as the log goes back. */
export async function quotaOf(ctx: Ctx, appId: string): Promise<OnboardingQuota> {
  const kinds = ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'] as const
  const since = ctx.clock() - weekMs
  const arrivals = await newestBack(ctx.log, { appIds: [appId], kinds }, since)
  const firsts = [...Map.groupBy(arrivals, customerIn).values()].flatMap(([first]) => (first ? [first] : []))
  const owners = firsts.flatMap(({ ownerBusinessId }) => ownerBusinessId ?? [])
  const known = await ctx.log.knew(owners, [appId], arrivals[0]?.seq ?? 0)
  const news = firsts.filter(({ ownerBusinessId }) => ownerBusinessId === null || !known.has(ownerBusinessId))
  const times = news.map(({ occurredAt }) => occurredAt)
  const counted = times.filter((time) => time > since)
  return {
    limit,
    used: counted.length,
    remaining: Math.max(0, limit - counted.length),
    nextReleaseAt: counted.length === 0 ? null : Math.min(...counted) + weekMs,
  }
}

/** The limit is on customers: one business may bring several accounts. */
const customerIn = ({ ownerBusinessId, wabaId }: StoredEvent): string =>
  ownerBusinessId ?? `account ${wabaId}`
