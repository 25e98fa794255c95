import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { eventsReceivedSince } from '../events/page.ts'

const betweenMs = 60_000

interface Asked {
  readonly event: string
  readonly phoneNumberId: string
}

/** The same again within a minute is a second click. */
export async function refuseTooSoon(ctx: Ctx, asked: Asked): Promise<Problem | null> {
  return tooSoon(await readRecent(ctx), asked, ctx.clock())
}

/** What was sent about numbers within the minute. */
function readRecent(ctx: Ctx): Promise<readonly StoredEvent[]> {
  // Whichever app of ours asked, and through whichever account of the number: it is one phone that rings.
  const filter = {
    appIds: ctx.apps.map(({ appId }) => appId),
    sources: ['GATEWAY'] as const,
    kinds: ['OTHER'] as const,
  }
  return eventsReceivedSince(ctx.log, filter, ctx.clock() - betweenMs)
}

/** One that Graph has refused does not count. */
export function tooSoon(
  recent: readonly StoredEvent[],
  { event, phoneNumberId }: Asked,
  now: number,
): Problem | null {
  const last = recent.findLastIndex(
    (one) => one.event === event && one.payload.includes(`"${phoneNumberId}"`),
  )
  const asked = recent[last]
  if (!asked || recent.slice(last).some((one) => refuses(one, phoneNumberId))) return null
  const seconds = Math.ceil((asked.occurredAt + betweenMs - now) / 1000)
  if (seconds <= 0) return null
  return {
    ...gatewayProblem(
      'RATE_LIMITED',
      'A request of this kind was sent for this number less than a minute ago.',
      true,
      { waitsFor: null, help: 'registration' },
    ),
    retryAfterSeconds: seconds,
  }
}

const refuses = ({ event, payload }: StoredEvent, phoneNumberId: string): boolean =>
  event === 'WRITE_REFUSED' && payload.includes(`"phone_number:${phoneNumberId}"`)
