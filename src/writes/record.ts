import { createHash } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { EventKind, NewEvent } from '../events/event.ts'
import type { WriteId } from '../events/writes.ts'
import { saidOf } from '../problems.ts'
import type { Audit } from './audit.ts'
import type { About, Sent, Write } from './write.ts'

/** What the event of a write that was done says. */
export interface EventOfWrite {
  readonly kind: EventKind
  /** Ids of the apps that take part. Without them, the acting app alone. */
  readonly takingPart?: readonly string[]
  /** Beside, or in place of, what the write said it is about. */
  readonly about?: About
  /** What was known before, when it is not what the write was begun with. */
  readonly before?: unknown
  /** As read back, or what is known of it without; null when nothing is. */
  readonly after?: unknown
  readonly reportedStatus?: string | null
}

/** A write that was begun, as its events name it. */
export interface WriteName {
  readonly write: Pick<Write<unknown, unknown>, 'verb' | 'object' | 'about'>
  readonly actingAppId: string
  readonly id: WriteId
  readonly startedAt: number
  readonly before: unknown
}

/**
 * An event for every app of ours that takes part. Meta sends no webhook for some changes, and others come late:
 * subscribers learn from this one.
 */
export function eventsOfDone(ctx: Ctx, named: WriteName, { traceId }: Sent, said: EventOfWrite): NewEvent[] {
  const { kind, takingPart, before = named.before, after = null, about, reportedStatus = null } = said
  const audit = { outcome: 'DONE', problem: null, graphTraceId: traceId, before, after } as const
  const appIds = takingPart
    ? ctx.apps.map(({ appId }) => appId).filter((appId) => takingPart.includes(appId))
    : [named.actingAppId]
  const event = eventOf(ctx, named, audit, about)
  return appIds.map((appId) => ({ ...event(appId), kind, event: kind, reportedStatus }))
}

interface Failure {
  readonly outcome: 'REFUSED' | 'UNKNOWN'
  readonly problem: Problem
  readonly traceId: string | null
  readonly after?: unknown
}

export function eventsOfFailure(ctx: Ctx, named: WriteName, failure: Failure): NewEvent[] {
  const { outcome, problem, traceId: graphTraceId, after = null } = failure
  const { graphCode, graphSubcode } = saidOf(problem)
  const event = eventOf(ctx, named, {
    outcome,
    problem: problem.code,
    graphTraceId,
    ...(graphCode !== null && { graphCode }),
    ...(graphSubcode !== null && { graphSubcode }),
    before: named.before,
    after,
  })
  return [{ ...event(named.actingAppId), kind: 'OTHER', event: `WRITE_${outcome}` }]
}

function eventOf(
  ctx: Ctx,
  named: WriteName,
  rest: Omit<Audit, 'verb' | 'actingAppId' | 'actor' | 'object'>,
  more: About = {},
): (appId: string) => Omit<NewEvent, 'kind' | 'event'> {
  const { actingAppId, write } = named
  const { verb, object } = write
  const audit: Audit = { verb, actingAppId, actor: ctx.actor.kind, object, ...rest }
  const about = { ...write.about, ...more }
  const now = ctx.clock()
  return (appId) => ({
    appId,
    source: 'GATEWAY',
    dedupeKey: `gateway:${nameOf(named)}:${rest.outcome}:${appId}`,
    occurredAt: now,
    receivedAt: now,
    field: verb,
    solutionId: about.solutionId ?? null,
    wabaId: about.wabaId ?? null,
    ownerBusinessId: about.ownerBusinessId ?? null,
    reportedStatus: null,
    payload: JSON.stringify(audit),
  })
}

/** The same for whoever publishes a write: published twice, it is one event. */
function nameOf({ id: { appId, verb, key }, startedAt }: WriteName): string {
  return createHash('sha256')
    .update(JSON.stringify([appId, verb, key, startedAt]))
    .digest('hex')
}
