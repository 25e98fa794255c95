import type { AppConfig } from '../config/config.ts'
import { creditLinesOf } from '../credit/lines.ts'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { unlessRefused } from '../graph/error.ts'
import { arrivingKinds, isArrival } from '../accounts/arrival.ts'
import { eventsReceivedSince } from '../events/page.ts'

/**
 * Meta's page "Embedded Signup": 10 new customers in a rolling week before Business Verification, App Review and Access
 * Verification, 200 after them, more for Meta Business Partners alone. The guide "Multi-Partner Solutions" says 200 to a Tech
 * Provider in a solution. Which of these an app has, no call tells.
 */
const assumed = 200
const weekMs = 7 * 24 * 60 * 60_000

export type LimitSource = 'CONFIGURED' | 'ASSUMED'

export interface OnboardingQuota {
  readonly limit: number
  readonly limitSource: LimitSource
  readonly used: number
  readonly remaining: number
  readonly nextReleaseAt: number | null
}

/**
 * What is assumed is a Tech Provider's limit: of a business with a credit line, which shares it as a Solution Partner, only
 * one that is configured is told.
 */
export async function hasQuota(ctx: Ctx, app: AppConfig): Promise<boolean> {
  if (limitOf(ctx, app) !== null) return true
  // An app to which Graph shows no credit lines has none to share.
  const lines = (await unlessRefused(creditLinesOf(ctx, app))) ?? []
  return lines.length === 0
}

/** The customers that came through the app within a week and never before, as far as the log goes back. */
export async function quotaOf(ctx: Ctx, app: Limited): Promise<OnboardingQuota> {
  const { appId } = app
  const configured = limitOf(ctx, app)
  const limit = configured ?? assumed
  const since = ctx.clock() - weekMs
  const told = await eventsReceivedSince(ctx.log, { appIds: [appId], kinds: arrivingKinds }, since)
  const arrivals = told.filter(isArrival)
  const firsts = [...Map.groupBy(arrivals, customerIn).values()].flatMap(([first]) => (first ? [first] : []))
  const owners = firsts.flatMap(({ ownerBusinessId }) => ownerBusinessId ?? [])
  const known = await ctx.log.businessesKnownBefore(owners, [appId], arrivals[0]?.seq ?? 0)
  const news = firsts.filter(({ ownerBusinessId }) => ownerBusinessId === null || !known.has(ownerBusinessId))
  const times = news.map(({ occurredAt }) => occurredAt)
  const counted = times.filter((time) => time > since)
  return {
    limit,
    limitSource: configured === null ? 'ASSUMED' : 'CONFIGURED',
    used: counted.length,
    remaining: Math.max(0, limit - counted.length),
    nextReleaseAt: counted.length === 0 ? null : Math.min(...counted) + weekMs,
  }
}

type Limited = Pick<AppConfig, 'appId' | 'onboardingWeeklyLimit'>

/** The limit of the app, otherwise of all apps; null when neither is configured. */
const limitOf = (ctx: Ctx, app: Limited): number | null =>
  app.onboardingWeeklyLimit ?? ctx.onboardingWeeklyLimit

/** The limit is on customers: one business may bring several accounts. */
const customerIn = ({ ownerBusinessId, wabaId }: StoredEvent): string =>
  ownerBusinessId ?? `account ${wabaId}`
