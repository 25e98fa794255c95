import { randomUUID } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { Account } from '../accounts/account.ts'
import { eventsReceivedSince } from '../events/page.ts'
import { note } from './note.ts'

// Meta's page "Business phone numbers, registration": 10 register and deregister requests for one number in a rolling
// 72 hours; then code 133016, and 72 hours without.
const limit = 10
const windowMs = 72 * 60 * 60_000

export const registrationRequested = 'REGISTRATION_REQUESTED'
const locked = 'REGISTRATION_LOCKED'
const notSent = 'REGISTRATION_NOT_SENT'

export interface RegistrationBudget {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** When the next one may be sent, or counts no longer; null when none counts. */
  readonly nextReleaseAt: number | null
}

/**
 * What is left for a number, from the requests that this gateway has sent: at most that much. In Meta's account model of
 * 2026-09-23 several partners have the number, and all of them use up one limit.
 */
export function budgetOf(
  events: readonly StoredEvent[],
  phoneNumberId: string,
  now: number,
): RegistrationBudget {
  const own = events.filter(
    (event) => event.receivedAt > now - windowMs && noteIn(event).phoneNumberId === phoneNumberId,
  )
  const takenBack = new Set(
    own.filter(({ event }) => event === notSent).map((event) => noteIn(event).requestId),
  )
  const times = own
    .filter(
      (event) => event.event === registrationRequested && !takenBack.has(noteIn(event).requestId ?? null),
    )
    .map(({ receivedAt }) => receivedAt)
  const lockedAt = own.findLast(({ event }) => event === locked)?.receivedAt
  const used = lockedAt === undefined ? Math.min(times.length, limit) : limit
  const oldest = times.at(Math.max(times.length - limit, 0))
  const from = lockedAt ?? oldest
  return { limit, used, remaining: limit - used, nextReleaseAt: from === undefined ? null : from + windowMs }
}

function noteIn({ payload }: StoredEvent): {
  readonly phoneNumberId?: unknown
  readonly requestId?: unknown
} {
  const value: unknown = JSON.parse(payload)
  return typeof value === 'object' && value !== null ? value : {}
}

const counted: ReadonlySet<string | null> = new Set([registrationRequested, locked, notSent])

/** The requests of the last 72 hours, whichever app of ours sent them and through whichever account: the limit is the number's. */
export async function readRequests(ctx: Ctx): Promise<readonly StoredEvent[]> {
  const filter = {
    appIds: ctx.apps.map(({ appId }) => appId),
    kinds: ['OTHER'] as const,
    sources: ['GATEWAY'] as const,
  }
  const recent = await eventsReceivedSince(ctx.log, filter, ctx.clock() - windowMs)
  return recent.filter(({ event }) => counted.has(event))
}

/** Counts a request before it is sent: whatever comes of it, it counts at Meta, unless it never left. */
export async function sendCounted<T>(
  ctx: Ctx,
  account: Account,
  about: { readonly phoneNumberId: string; readonly request: string },
  send: () => Promise<T>,
): Promise<T> {
  const noted = { ...about, requestId: randomUUID() }
  await note(ctx, account, { event: registrationRequested, ...noted })
  const { requests } = ctx.cost
  try {
    return await send()
  } catch (error) {
    // Graph is paused, or too many wait.
    if (ctx.cost.requests === requests) await note(ctx, account, { event: notSent, ...noted })
    throw error
  }
}

/** Meta has counted more than this gateway sent. */
export function noteLocked(ctx: Ctx, account: Account, phoneNumberId: string): Promise<void> {
  return note(ctx, account, { event: locked, phoneNumberId })
}

export async function refuseOverBudget(ctx: Ctx, phoneNumberId: string): Promise<Problem | null> {
  const now = ctx.clock()
  const { remaining, nextReleaseAt } = budgetOf(await readRequests(ctx), phoneNumberId, now)
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

/** Why a number cannot be registered or deregistered now; null while it can. */
export function usedUpReason({ remaining, limit, nextReleaseAt }: RegistrationBudget): string | null {
  if (remaining > 0 || nextReleaseAt === null) return null
  const until = new Date(nextReleaseAt).toISOString()
  return `The ${limit} registrations and deregistrations of 72 hours are used up until ${until}.`
}
