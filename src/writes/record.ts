import { randomUUID } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors.ts'
import type { EventKind, NewEvent } from '../events/event.ts'
import type { GraphError } from '../graph/error.ts'
import type { Audit } from './audit.ts'
import type { About, Sent, Write } from './write.ts'

export interface Done {
  readonly kind: EventKind
  readonly sent: Sent
  readonly before: unknown
  /** As read back; null when it could not be read. */
  readonly after: unknown
  /** Ids of the apps that take part. Without them, the acting app alone. */
  readonly takingPart?: readonly string[]
  /** In place of what the write said it is about. */
  readonly about?: About
  readonly reportedStatus?: string | null
}

type Named = Pick<Write<unknown, unknown>, 'app' | 'verb' | 'object' | 'about'>

/**
 * Tells every app of ours that takes part. Meta sends no webhook for some changes, and others come late:
 * subscribers learn from this event.
 */
export function recordDone(ctx: Ctx, write: Named, done: Done): Promise<void> {
  const { kind, sent, before, after, takingPart, about, reportedStatus = null } = done
  const audit = auditOf(ctx, write, {
    outcome: 'DONE',
    problem: null,
    graphTraceId: sent.traceId,
    before,
    after,
  })
  const appIds = takingPart
    ? ctx.apps.map(({ appId }) => appId).filter((appId) => takingPart.includes(appId))
    : [write.app.appId]
  const named = { ...write, about: { ...write.about, ...about } }
  return append(
    ctx,
    appIds.map((appId) => ({ ...toEvent(ctx, named, audit), appId, kind, event: kind, reportedStatus })),
  )
}

interface Failure {
  readonly outcome: 'REFUSED' | 'UNKNOWN'
  readonly before: unknown
  readonly problem: Problem
  readonly error: GraphError
}

export function recordFailure(ctx: Ctx, write: Named, failure: Failure): Promise<void> {
  const { outcome, before, problem, error } = failure
  const graphTraceId = error.fbtraceId ?? null
  const audit = auditOf(ctx, write, { outcome, problem: problem.code, graphTraceId, before, after: null })
  const event = { appId: write.app.appId, kind: 'OTHER' as const, event: `WRITE_${outcome}` }
  return append(ctx, [{ ...toEvent(ctx, write, audit), ...event }])
}

function auditOf(
  ctx: Ctx,
  { app, verb, object }: Named,
  rest: Omit<Audit, 'verb' | 'actingAppId' | 'actor' | 'object'>,
): Audit {
  return { verb, actingAppId: app.appId, actor: ctx.actor.kind, object, ...rest }
}

type Common = Omit<NewEvent, 'appId' | 'kind' | 'event'>

function toEvent(ctx: Ctx, { verb, about }: Named, audit: Audit): Common {
  const now = ctx.clock()
  return {
    source: 'GATEWAY',
    dedupeKey: `gateway:${randomUUID()}`,
    occurredAt: now,
    receivedAt: now,
    field: verb,
    solutionId: about.solutionId ?? null,
    wabaId: about.wabaId ?? null,
    ownerBusinessId: about.ownerBusinessId ?? null,
    reportedStatus: null,
    payload: JSON.stringify(audit),
  }
}

/** The write has happened: a store that cannot take its event is logged and does not turn success into failure. */
async function append(ctx: Ctx, events: readonly NewEvent[]): Promise<void> {
  try {
    await ctx.log.append(events)
  } catch (error) {
    ctx.logger.error({ err: error }, 'a write could not be recorded')
  }
}
