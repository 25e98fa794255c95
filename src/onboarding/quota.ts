import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
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

/** The customers that came through the app within a week and never before, as far as the log goes back. */
export async function quotaOf(ctx: Ctx, appId: string): Promise<OnboardingQuota> {
  const kinds = ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'] as const
  const since = ctx.clock() - weekMs
  const arrivals = await newestBack(ctx.log, { appIds: [appId], kinds }, since)
  const firsts = [...Map.groupBy(arrivals, customerIn).values()].flatMap(([first]) => (first ? [first] : []))
  const isNew = await Promise.all(firsts.map((event) => isFirst(ctx, appId, event)))
  const times = firsts.filter((_, index) => isNew[index]).map(({ occurredAt }) => occurredAt)
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

async function isFirst(ctx: Ctx, appId: string, { ownerBusinessId, seq }: StoredEvent): Promise<boolean> {
  return ownerBusinessId === null || !(await ctx.log.knew(ownerBusinessId, [appId], seq))
}
