import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import type { Account } from './account.ts'

const betweenMs = 60_000
const eventsAtMost = 50

/** The same again within a minute is a second click. One that Graph has refused does not count. */
export async function refuseTooSoon(
  ctx: Ctx,
  { wabaId }: Account,
  { event, phoneNumberId }: { readonly event: string; readonly phoneNumberId: string },
): Promise<Problem | null> {
  // Whichever app of ours asked: it is one phone that rings.
  const appIds = ctx.apps.map(({ appId }) => appId)
  const filter = { appIds, wabaId, sources: ['GATEWAY'], kinds: ['OTHER'] } as const
  const recent = await ctx.log.readBefore(Number.MAX_SAFE_INTEGER, filter, eventsAtMost)
  const last = recent.findLastIndex(
    (one) => one.event === event && one.payload.includes(`"${phoneNumberId}"`),
  )
  const asked = recent[last]
  if (!asked || recent.slice(last).some((one) => refuses(one, phoneNumberId))) return null
  const seconds = Math.ceil((asked.occurredAt + betweenMs - ctx.clock()) / 1000)
  if (seconds <= 0) return null
  return {
    ...gatewayProblem(
      'RATE_LIMITED',
      'A request of this kind was sent for this number less than a minute ago.',
      true,
    ),
    retryAfterSeconds: seconds,
  }
}

const refuses = ({ event, payload }: StoredEvent, phoneNumberId: string): boolean =>
  event === 'WRITE_REFUSED' && payload.includes(`"phone_number:${phoneNumberId}"`)
