import { z } from 'zod'
import type { NewEvent, StoredEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'
import { applyIntentEvent, intentFilter, type RecordedIntent } from './intent-events.ts'

/*
 * The customer has 90 days to answer, which is longer than events are usually retained. So what is known of an app's
 * intents is stored once a day as an event. It belongs to an app id that no caller has, so nobody sees it.
 */

const snapshotField = '$intents'
const keeperOf = (appId: string): string => `$intents ${appId}`
const newest = Number.MAX_SAFE_INTEGER
const mostIntents = 1_000

const snapshotShape = z.object({
  upTo: z.number(),
  intents: z.array(
    z.object({
      id: z.string(),
      appId: z.string(),
      wabaId: z.string(),
      solutionId: z.string().nullable(),
      ownerBusinessId: z.string().nullable(),
      status: z.string(),
      destinationWabaId: z.string().nullable(),
      askedAt: z.number(),
      since: z.number(),
    }),
  ),
})

export interface IntentSnapshot {
  /** The position up to which the log is included. */
  readonly upTo: number
  readonly intents: readonly RecordedIntent[]
  /** When it was stored; null when there is none. */
  readonly at: number | null
}

/** Reads the newest snapshot. */
export async function readSnapshot(log: EventLog, appId: string): Promise<IntentSnapshot> {
  const [last] = await log.readBefore(newest, { appIds: [keeperOf(appId)] }, 1)
  const kept = last && snapshotShape.safeParse(JSON.parse(last.payload)).data
  return { upTo: kept?.upTo ?? 0, intents: kept?.intents ?? [], at: last?.occurredAt ?? null }
}

export function snapshotEvent(
  appId: string,
  intents: readonly RecordedIntent[],
  upTo: number,
  now: number,
): NewEvent {
  const kept = intents.toSorted((a, b) => b.askedAt - a.askedAt).slice(0, mostIntents)
  return {
    appId: keeperOf(appId),
    kind: 'OTHER',
    source: 'RECONCILED',
    dedupeKey: `reconciled:${appId}:intents:${now}`,
    occurredAt: now,
    receivedAt: now,
    field: snapshotField,
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify({ upTo, intents: kept } satisfies z.infer<typeof snapshotShape>),
  }
}

const eventsOfOne = 200

/** The intents of one account that one of the apps asked for, newest first. */
export async function recordedIntents(
  log: EventLog,
  wabaId: string,
  appIds: readonly string[],
): Promise<readonly RecordedIntent[]> {
  const kept = await Promise.all(appIds.map((appId) => readSnapshot(log, appId)))
  const known = new Map(
    kept.flatMap(({ intents }) =>
      intents.filter((one) => one.wabaId === wabaId).map((one) => [one.id, one] as const),
    ),
  )
  const events: readonly StoredEvent[] = await log.readBefore(
    newest,
    { ...intentFilter(appIds), wabaId },
    eventsOfOne,
  )
  for (const event of events) applyIntentEvent(known, event)
  return [...known.values()].toSorted((a, b) => b.askedAt - a.askedAt)
}
