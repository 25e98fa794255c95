import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import type { Account } from './account.ts'
import { newestBack } from './newest-back.ts'
import { note } from './note.ts'

// Meta's page "Business phone numbers, registration": 10 register and deregister requests for one number in a rolling
// 72 hours; then code 133016, and 72 hours without.
const limit = 10
const windowMs = 72 * 60 * 60_000

export const registrationRequested = 'REGISTRATION_REQUESTED'
const locked = 'REGISTRATION_LOCKED'

export interface RegistrationBudget {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** When the next one may be sent, or counts no longer; null when none counts. */
  readonly nextReleaseAt: number | null
}

/** What is left for a number, from the requests that this gateway has sent. */
export function budgetOf(
  events: readonly StoredEvent[],
  phoneNumberId: string,
  now: number,
): RegistrationBudget {
  const own = events.filter((event) => event.receivedAt > now - windowMs && numberOf(event) === phoneNumberId)
  const times = own.filter(({ event }) => event === registrationRequested).map(({ receivedAt }) => receivedAt)
  const lockedAt = own.findLast(({ event }) => event === locked)?.receivedAt
  const used = lockedAt === undefined ? Math.min(times.length, limit) : limit
  const oldest = times.at(Math.max(times.length - limit, 0))
  const from = lockedAt ?? oldest
  return { limit, used, remaining: limit - used, nextReleaseAt: from === undefined ? null : from + windowMs }
}

function numberOf({ payload }: StoredEvent): unknown {
  const value: unknown = JSON.parse(payload)
  return typeof value === 'object' && value !== null && 'phoneNumberId' in value ? value.phoneNumberId : null
}

/** The requests of the last 72 hours, whichever app of ours sent them: the limit is the number's. */
export async function readRequests(ctx: Ctx, wabaId: string | null): Promise<readonly StoredEvent[]> {
  const filter = {
    appIds: ctx.apps.map(({ appId }) => appId),
    kinds: ['OTHER'] as const,
    sources: ['GATEWAY'] as const,
    ...(wabaId !== null && { wabaId }),
  }
  const recent = await newestBack(ctx.log, filter, ctx.clock() - windowMs)
  return recent.filter(({ event }) => event === registrationRequested || event === locked)
}

/** Counts a request before it is sent: what happens to it afterwards, it counts at Meta. */
export function announceRequest(ctx: Ctx, account: Account, phoneNumberId: string, request: string) {
  return note(ctx, account, { event: registrationRequested, phoneNumberId, request })
}

/** Meta has counted more than this gateway sent. */
export function noteLocked(ctx: Ctx, account: Account, phoneNumberId: string): Promise<void> {
  return note(ctx, account, { event: locked, phoneNumberId })
}

export async function refuseOverBudget(
  ctx: Ctx,
  account: Account,
  phoneNumberId: string,
): Promise<Problem | null> {
  const now = ctx.clock()
  const { remaining, nextReleaseAt } = budgetOf(await readRequests(ctx, account.wabaId), phoneNumberId, now)
  if (remaining > 0 || nextReleaseAt === null) return null
  const until = new Date(nextReleaseAt).toISOString()
  return {
    ...gatewayProblem(
      'RATE_LIMITED',
      `Meta takes ${limit} registrations and deregistrations of a number in 72 hours, and they are used up until ${until}. Nothing was sent.`,
      true,
    ),
    retryAfterSeconds: Math.max(1, Math.ceil((nextReleaseAt - now) / 1000)),
  }
}
