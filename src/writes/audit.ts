import { createHash } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { NewEvent } from '../events/event.ts'
import type { WriteId } from '../events/writes.ts'
import { saidOf } from '../problems.ts'
import type { AboutWrite, EventOfWrite, SentWrite, Write } from './write.ts'

export const writeOutcomes = ['DONE', 'REFUSED', 'UNKNOWN'] as const

/** What the log keeps of a write, as JSON in its event. */
export interface Audit {
  readonly verb: string
  readonly actingAppId: string
  readonly actor: string
  readonly object: string
  readonly outcome: (typeof writeOutcomes)[number]
  /** Why it was refused; null otherwise. */
  readonly problem: string | null
  readonly graphTraceId: string | null
  /** Graph's codes, of a refusal or of its last word; missing where it gave none, and in what older versions have stored. */
  readonly graphCode?: number
  readonly graphSubcode?: number
  readonly before: unknown
  readonly after: unknown
}

/** The audit in the payload of a GATEWAY event; null when the event is of another making, or says what only a newer release knows. */
export function readAudit(payload: string): Audit | null {
  const value: unknown = JSON.parse(payload)
  const isAudit = typeof value === 'object' && value !== null && 'actor' in value && 'outcome' in value
  return isAudit && writeOutcomes.some((known) => known === value.outcome) ? (value as Audit) : null
}

/** A write that was begun, as its events name it. */
export interface WriteName {
  readonly write: Pick<Write<unknown>, 'verb' | 'object' | 'about'>
  readonly actingAppId: string
  readonly id: WriteId
  /** Of the attempt. */
  readonly token: string
  readonly before: unknown
}

/**
 * An event for every app of ours that takes part. Meta sends no webhook for some changes, and others come late:
 * subscribers learn from this one.
 */
export function eventsOfDone(
  ctx: Ctx,
  named: WriteName,
  { traceId, answered }: SentWrite,
  said: EventOfWrite,
): NewEvent[] {
  const { kind, takingPart, before = named.before, about, reportedStatus = null } = said
  const after =
    answered === undefined
      ? (said.after ?? null)
      : { ...(said.after as object | null), graphAnswer: answered }
  const audit = { outcome: 'DONE', problem: null, graphTraceId: traceId, before, after } as const
  const appIds = takingPart
    ? ctx.apps.map(({ appId }) => appId).filter((appId) => takingPart.includes(appId))
    : [named.actingAppId]
  const event = eventOf(ctx, named, audit, about)
  return appIds.map((appId) => ({ ...event(appId), kind, event: kind, reportedStatus }))
}

export interface WriteFailure {
  readonly outcome: 'REFUSED' | 'UNKNOWN'
  readonly problem: Problem
  readonly traceId: string | null
  readonly after?: unknown
}

export function eventsOfFailure(ctx: Ctx, named: WriteName, failure: WriteFailure): NewEvent[] {
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
  more: AboutWrite = {},
): (appId: string) => Omit<NewEvent, 'kind' | 'event'> {
  const { actingAppId, write } = named
  const { verb, object } = write
  const audit: Audit = { verb, actingAppId, actor: ctx.actor.kind, object, ...rest }
  const about = { ...write.about, ...more }
  const now = ctx.clock()
  return (appId) => ({
    appId,
    source: 'GATEWAY',
    dedupeKey: `${publishedAs(named)}${rest.outcome}:${appId}`,
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

/** What the dedupe keys of a write's events begin with: published twice, by whomever, it is one event. */
export function publishedAs({ id: { appId, verb, key }, token }: Pick<WriteName, 'id' | 'token'>): string {
  const name = createHash('sha256')
    .update(JSON.stringify([appId, verb, key, token]))
    .digest('hex')
  return `gateway:${name}:`
}
