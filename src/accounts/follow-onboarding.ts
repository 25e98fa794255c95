import { shownFields } from '../graph/nodes.ts'
import type { AppConfig } from '../config/config.ts'
import { appOf, type Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { follow } from '../events/follow.ts'
import type { EventFilter } from '../events/log.ts'
import { GraphError } from '../graph/error.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { arrivingKinds, isDeparture, isNewArrival, tellsOfArrival, turnKinds } from './arrival.ts'

export interface OnboardingChange {
  readonly event: StoredEvent
  readonly clientWaba: NodeHandle<'ClientWaba'>
}

export interface OnboardingSubscription {
  readonly solutionId: string | null
  readonly appIds: readonly string[]
  /** Position behind which events count. */
  readonly from: number
  /** True when the reader goes on from an earlier item. */
  readonly resumed: boolean
}

const history = 100

/** Each arrival of a customer's account once, whichever event told of it first. */
export async function* followOnboarding(
  ctx: Ctx,
  { solutionId, appIds, from, resumed }: OnboardingSubscription,
  signal: AbortSignal,
): AsyncGenerator<OnboardingChange, void, void> {
  const filter: EventFilter = { appIds, kinds: arrivingKinds, ...(solutionId !== null && { solutionId }) }
  if (solutionId !== null && !resumed) await refuseUnknown(ctx, solutionId, appIds)
  for await (const event of follow(ctx.log, from, filter, signal)) {
    const app = appOf(ctx, event.appId)
    if (!app || event.wabaId === null || !(await tellsOfArrival(ctx.log, event))) continue
    const earlier = await ctx.log.readBefore(
      event.seq,
      { appIds, wabaId: event.wabaId, kinds: turnKinds },
      history,
    )
    // Who watches one solution is not told of what came without it, and so has not been told of the arrival by it.
    const told =
      solutionId === null
        ? earlier
        : earlier.filter((one) => isDeparture(one) || one.solutionId === solutionId)
    if (!isNewArrival(event, told)) continue
    ctx.reads.join(ctx.eventReads.of(event.seq))
    yield {
      event,
      clientWaba: NodeHandle.unread('ClientWaba', event.wabaId, { app }, shownFields('ClientWaba')),
    }
  }
}

/** Whoever waits for a solution that is not there would wait for ever. One that the log speaks of is not asked for. */
async function refuseUnknown(ctx: Ctx, solutionId: string, appIds: readonly string[]): Promise<void> {
  const [told] = await ctx.log.readBefore(Infinity, { appIds, solutionId }, 1)
  if (told) return
  const apps = ctx.actor.apps.filter(({ appId }) => appIds.includes(appId))
  if ((await find(ctx, solutionId, apps)) !== null) return
  throw new GraphError('not-found', 'There is no such solution, or none of the apps takes part in it.')
}

/** What Graph fails with says nothing of whether it is there. */
async function find(ctx: Ctx, solutionId: string, apps: readonly AppConfig[]): Promise<unknown> {
  try {
    return await findNode(ctx.reads, 'Solution', solutionId, ['id'], apps)
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
}
