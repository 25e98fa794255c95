import { createHash } from 'node:crypto'
import type { AppConfig } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { invalidInput, type Problem } from '../../errors/problem.ts'
import type { NewEvent, StoredEvent } from '../../events/event.ts'
import { chooseApp } from '../../solutions/input.ts'
import { checkKey } from '../../writes/record.ts'
import { conflict } from '../../writes/problems.ts'
import { eventsReceivedSince } from '../../events/page.ts'
import { BadMessage, readSessionMessage, type SessionFacts } from '../../alerts/signup-session-message.ts'

export interface SessionReport {
  readonly appId: string | null
  readonly solutionId: string | null
  readonly message: unknown
  readonly idempotencyKey: string | null
}

export interface Reported {
  readonly event: StoredEvent
  readonly repeated: boolean
}

/** Within this time equal messages are one, when nothing in them distinguishes two dialogs. */
const sameWithinMs = 60_000

/** Appends the message of a dialog to the log. It came through a browser, so it is a hint and no proof. */
export async function reportSession(ctx: Ctx, report: SessionReport): Promise<Reported | Problem> {
  const app = chooseApp(ctx, report.appId)
  if ('type' in app) return app
  const badKey = checkKey(report.idempotencyKey)
  if (badKey) return badKey
  const facts = readReport(report.message)
  if ('type' in facts) return facts
  const event = eventOfReport(ctx, app, report, facts)
  const known = await repeatOf(ctx, event, report)
  if (known) return isSame(known, event) ? { event: known, repeated: true } : conflict
  const { stored } = await ctx.log.append([event])
  const found = await findEvent(ctx, event, 0)
  if (!found) throw new Error('An event that was appended is not in the log.')
  return isSame(found, event) ? { event: found, repeated: stored === 0 } : conflict
}

function readReport(message: unknown): SessionFacts | Problem {
  try {
    return readSessionMessage(message)
  } catch (error) {
    if (error instanceof BadMessage) return invalidInput(['input', 'message'], error.message)
    throw error
  }
}

type Of = Pick<StoredEvent, 'payload' | 'solutionId'>

const isSame = (one: Of, other: Of): boolean =>
  one.payload === other.payload && one.solutionId === other.solutionId

/** The event of the same message, if it was reported before. */
function repeatOf(ctx: Ctx, event: NewEvent, { idempotencyKey }: SessionReport): Promise<StoredEvent | null> {
  if (idempotencyKey !== null) return findEvent(ctx, event, 0)
  return findEvent(ctx, event, event.receivedAt - sameWithinMs, (known) => isSame(known, event))
}

/** The newest with this key, or that fits, received since a time. */
async function findEvent(
  { log }: Ctx,
  { appId, dedupeKey }: NewEvent,
  since: number,
  fits: (event: StoredEvent) => boolean = (event) => event.dedupeKey === dedupeKey,
): Promise<StoredEvent | null> {
  const told = await eventsReceivedSince(log, { appIds: [appId], kinds: ['SIGNUP_SESSION'] }, since)
  return told.findLast((event) => event.dedupeKey === dedupeKey || fits(event)) ?? null
}

function eventOfReport(
  ctx: Ctx,
  { appId }: AppConfig,
  { solutionId, idempotencyKey }: SessionReport,
  facts: SessionFacts,
): NewEvent {
  const now = ctx.clock()
  const payload = JSON.stringify(facts)
  const [only, ...others] = facts.wabaIds
  return {
    appId,
    kind: 'SIGNUP_SESSION',
    source: 'GATEWAY',
    dedupeKey: `signup-session:${appId}:${digest(reportName(idempotencyKey, { facts, solutionId, payload }, now))}`,
    occurredAt: now,
    receivedAt: now,
    field: 'signup_session',
    event: facts.event,
    solutionId,
    // A browser cannot say who owns an account, so no owner is taken from here.
    wabaId: only !== undefined && others.length === 0 ? only : null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload,
  }
}

/** Two reports are one when they have the same key or Meta's session id, or when they were received together. */
function reportName(
  key: string | null,
  { facts, solutionId, payload }: { facts: SessionFacts; solutionId: string | null; payload: string },
  now: number,
): readonly unknown[] {
  if (key !== null) return ['key', key]
  if (facts.sessionId !== null) return ['session', solutionId, payload]
  return ['at', Math.floor(now / sameWithinMs), solutionId, payload]
}

const digest = (name: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(name)).digest('hex')
