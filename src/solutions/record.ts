import { randomUUID } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { EventKind } from '../events/event.ts'
import type { SolutionStatus } from './status.ts'

export interface Taken {
  readonly kind: Extract<EventKind, 'SOLUTION_CREATED' | 'SOLUTION_UPDATED'>
  readonly verb: string
  readonly actingAppId: string
  readonly solutionId: string
  /** Ids of the apps that take part. */
  readonly takingPart: readonly string[]
  /** As read after the action; null when it could not be read. */
  readonly status: SolutionStatus | null
}

/**
 * Tells every app of ours that takes part. Meta sends no webhook for a declined deactivation, and others
 * may come late: subscribers learn from this event. The write has happened, so a store that cannot take
 * the event is logged and does not turn success into failure.
 */
export async function recordAction(ctx: Ctx, taken: Taken): Promise<void> {
  const apps = ctx.apps.filter(({ appId }) => taken.takingPart.includes(appId))
  try {
    await ctx.log.append(apps.map((app) => toEvent(ctx, taken, app.appId)))
  } catch (error) {
    ctx.logger.error({ err: error, solutionId: taken.solutionId }, 'an action could not be recorded')
  }
}

function toEvent(ctx: Ctx, { kind, verb, actingAppId, solutionId, status }: Taken, appId: string) {
  const now = ctx.clock()
  return {
    appId,
    kind,
    source: 'GATEWAY' as const,
    dedupeKey: `gateway:${randomUUID()}`,
    occurredAt: now,
    receivedAt: now,
    field: verb,
    event: kind,
    solutionId,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: status,
    payload: JSON.stringify({ verb, actingAppId }),
  }
}
