import { appOf, type Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { follow } from '../events/follow.ts'
import type { EventFilter } from '../events/log.ts'
import { Seen } from '../loaders/seen.ts'
import { isNewArrival } from './arrival.ts'
import { wholeWaba } from './fields.ts'

export interface OnboardingChange {
  readonly event: StoredEvent
  readonly clientWaba: Seen<'ClientWaba'>
}

export interface OnboardingSubscription {
  readonly solutionId: string | null
  readonly appIds: readonly string[]
  /** Position behind which events count. */
  readonly from: number
}

// Both mean that a customer came: Meta, "Multi-Partner Solutions".
const arrivals = ['CLIENT_WABA_ONBOARDED', 'CLIENT_WABA_APP_INSTALLED'] as const
const turns = [...arrivals, 'CLIENT_WABA_APP_UNINSTALLED', 'CLIENT_WABA_REMOVED'] as const
const history = 100

/** Each arrival of a customer's account once, whichever event told of it first. */
export async function* followOnboarding(
  ctx: Ctx,
  { solutionId, appIds, from }: OnboardingSubscription,
  signal: AbortSignal,
): AsyncGenerator<OnboardingChange, void, void> {
  const filter: EventFilter = { appIds, kinds: arrivals, ...(solutionId !== null && { solutionId }) }
  for await (const event of follow(ctx.log, from, filter, signal)) {
    const app = appOf(ctx, event.appId)
    if (!app || event.wabaId === null) continue
    const earlier = await ctx.log.readBefore(
      event.seq,
      { appIds, wabaId: event.wabaId, kinds: turns },
      history,
    )
    if (!isNewArrival(event, earlier)) continue
    ctx.reads.join(ctx.eventReads.of(event.seq))
    yield { event, clientWaba: Seen.unread('ClientWaba', event.wabaId, { app }, wholeWaba) }
  }
}
