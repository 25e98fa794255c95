import { shownFields } from '../graph/nodes.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppConfig } from '../config/config.ts'
import { appOf, type Ctx } from '../context.ts'
import type { EventSource, StoredEvent } from '../events/event.ts'
import { followPages } from '../events/follow.ts'
import type { EventFilter } from '../events/log.ts'
import { GraphError } from '../graph/error.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { statusFields } from './fields.ts'
import { statusOf, type SolutionStatus } from './lifecycle.ts'

export interface StatusChange {
  readonly seq: number
  readonly initial: boolean
  readonly status: SolutionStatus
  readonly previousStatus: SolutionStatus | null
  readonly occurredAt: number
  readonly source: EventSource
  readonly solution: NodeHandle<'Solution'>
}

export interface StatusSubscription {
  readonly solutionId: string | null
  readonly appIds: readonly string[]
  /** Position behind which events count. */
  readonly from: number
  /** True when the reader goes on from an earlier item: then the state at the start is not sent. */
  readonly resumed: boolean
}

const kinds = ['SOLUTION_CREATED', 'SOLUTION_UPDATED'] as const

/**
 * The status of one solution, or of all, whenever it has changed. An event is only the reason to look: the
 * status is read again, and events of one solution that came together cost one look.
 */
export async function* followStatus(
  ctx: Ctx,
  subscription: StatusSubscription,
  signal: AbortSignal,
): AsyncGenerator<StatusChange, void, void> {
  const { solutionId, appIds, from, resumed } = subscription
  const known = new Map<string, SolutionStatus>()
  if (solutionId !== null && !resumed) yield* stateNow(ctx, { ...subscription, solutionId }, signal, known)
  const filter: EventFilter = { appIds, kinds, ...(solutionId !== null && { solutionId }) }
  for await (const events of followPages(ctx.log, from, filter, signal))
    for (const event of newestOfEach(events)) yield* changeOf(ctx, event, signal, known)
}

async function* stateNow(
  ctx: Ctx,
  { solutionId, appIds, from: seq }: StatusSubscription & { solutionId: string },
  signal: AbortSignal,
  known: Map<string, SolutionStatus>,
): AsyncGenerator<StatusChange, void, void> {
  const apps = ctx.actor.apps.filter((app) => appIds.includes(app.appId))
  const look = await lookUntilAnswered(
    () => findNode(ctx.reads, 'Solution', solutionId, shownFields('Solution'), apps),
    signal,
  )
  if (look === 'stopped') return
  if (look === null)
    throw new GraphError('not-found', 'There is no such solution, or none of the apps takes part in it.')
  const { status, solution } = await seen(ctx, look, solutionId, apps)
  known.set(solutionId, status)
  const occurredAt = ctx.clock()
  yield { seq, initial: true, status, previousStatus: null, occurredAt, source: 'GATEWAY', solution }
}

/** The last event of each solution, in log order, so that the cursor of each item is safe to go on from. */
function newestOfEach(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const newest = new Map(events.map((event) => [event.solutionId, event]))
  return events.filter((event) => newest.get(event.solutionId) === event)
}

async function* changeOf(
  ctx: Ctx,
  event: StoredEvent,
  signal: AbortSignal,
  known: Map<string, SolutionStatus>,
): AsyncGenerator<StatusChange, void, void> {
  const { seq, solutionId, occurredAt, source } = event
  const app = appOf(ctx, event.appId)
  if (!app || solutionId === null) return
  const look = await lookUntilAnswered(() => {
    ctx.reads.join(ctx.eventReads.of(seq))
    return findNode(ctx.reads, 'Solution', solutionId, shownFields('Solution'), [app])
  }, signal)
  if (look === 'stopped' || look === null) return
  const { status, solution } = await seen(ctx, look, solutionId, [app])
  const previousStatus = known.get(solutionId) ?? null
  if (status === previousStatus) return
  known.set(solutionId, status)
  yield { seq, initial: false, status, previousStatus, occurredAt, source, solution }
}

type Look = NodeHandle<'Solution'> | GraphError | null

/**
 * Asks until Graph has answered, one way or the other: while it is down or busy the stream waits, it neither ends nor
 * passes over a change. A definite refusal is an answer.
 */
async function lookUntilAnswered(look: () => Promise<Look>, signal: AbortSignal): Promise<Look | 'stopped'> {
  for (let waitMs = 500; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      if (!error.transient) return error
    }
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => {})
  }
  return 'stopped'
}

const longestWaitMs = 15_000

/** What a look has shown. A solution that Graph refuses to show has status UNKNOWN, and the stream goes on behind it. */
async function seen(
  ctx: Ctx,
  look: NodeHandle<'Solution'> | GraphError,
  id: string,
  apps: readonly AppConfig[],
) {
  if (look instanceof NodeHandle)
    return { status: statusOf(await look.get(ctx.reads, statusFields)), solution: look }
  ctx.logger.warn({ err: look, solutionId: id }, 'the status of a solution could not be read')
  const [app] = apps as readonly [AppConfig, ...AppConfig[]]
  return {
    status: 'UNKNOWN' as const,
    solution: new NodeHandle('Solution', id, { app }, shownFields('Solution')),
  }
}
