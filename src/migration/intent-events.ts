import { z } from 'zod'
import type { NewEvent, StoredEvent } from '../events/event.ts'
import type { EventFilter } from '../events/log.ts'
import type { IntentNode } from '../graph/endpoints/migration-intents.ts'
import { readAudit } from '../writes/audit.ts'

/** A migration intent that was made through this gateway, as the log knows it. Times are in milliseconds. */
export interface RecordedIntent {
  readonly id: string
  /** The app that asked. */
  readonly appId: string
  readonly wabaId: string
  /** Where the account goes; null when it leaves its solution. */
  readonly solutionId: string | null
  readonly ownerBusinessId: string | null
  /** The status that Graph last sent; UNKNOWN until it was read. */
  readonly status: string
  /** The account to which the numbers move, when that is another one. */
  readonly destinationWabaId: string | null
  readonly askedAt: number
  /** When the status was first seen. */
  readonly since: number
}

const intentField = 'migration_intent'

/** The events about the intents of these apps. */
export function intentFilter(appIds: readonly string[]): EventFilter {
  return { appIds, kinds: ['CLIENT_WABA_UPDATED'], sources: ['GATEWAY', 'RECONCILED'] }
}

// Meta's reference "Migration Intent Details API".
const endedStatuses: ReadonlySet<string> = new Set(['COMPLETED', 'REJECTED'])
export const hasEnded = ({ status }: Pick<RecordedIntent, 'status'>): boolean => endedStatuses.has(status)

const newsShape = z.looseObject({
  migrationIntentId: z.string(),
  status: z.string(),
  before: z.string().nullish(),
  destinationWabaId: z.string().nullish(),
})
export type IntentChange = z.infer<typeof newsShape>

/** What an event says about an intent: that it was made, or that its status has changed. Null for any other event. */
export function intentChangeIn({ source, field: name, payload }: StoredEvent): IntentChange | null {
  if (source === 'GATEWAY' && name === 'set_migration_intent')
    return newsShape.safeParse(readAudit(payload)?.after).data ?? null
  if (source !== 'RECONCILED' || name !== intentField) return null
  return newsShape.safeParse(JSON.parse(payload)).data ?? null
}

/** Applies one event. Events are applied in the order of the log. */
export function applyIntentEvent(known: Map<string, RecordedIntent>, event: StoredEvent): void {
  const news = intentChangeIn(event)
  const { appId, wabaId, solutionId, ownerBusinessId, occurredAt } = event
  if (!news || wabaId === null) return
  const before = known.get(news.migrationIntentId)
  known.set(news.migrationIntentId, {
    id: news.migrationIntentId,
    appId,
    wabaId,
    solutionId,
    ownerBusinessId,
    status: news.status,
    destinationWabaId: news.destinationWabaId ?? before?.destinationWabaId ?? null,
    askedAt: before?.askedAt ?? occurredAt,
    since: before?.status === news.status ? before.since : occurredAt,
  })
}

/**
 * The events for what Graph shows now and the log does not: the new status, and an arrival when an account was created as
 * the destination, for which no webhook is documented. Whoever finds it first stores it; finding it again gives the same
 * event.
 */
export function eventsOfChange(
  told: RecordedIntent,
  { status, destination_waba }: IntentNode,
  now: number,
): readonly NewEvent[] {
  if (status == null || status === told.status) return []
  const destination = destination_waba?.id ?? null
  const news = { migrationIntentId: told.id, status, before: told.status, destinationWabaId: destination }
  const changed = intentEvent(told, status, now, news)
  if (destination === null || destination === told.wabaId) return [changed]
  const arrival = intentEvent(told, 'DESTINATION', now, {
    migrationIntentId: told.id,
    sourceWabaId: told.wabaId,
  })
  return [
    changed,
    { ...arrival, kind: 'CLIENT_WABA_ONBOARDED', event: 'CLIENT_WABA_ONBOARDED', wabaId: destination },
  ]
}

function intentEvent(told: RecordedIntent, what: string, now: number, payload: object): NewEvent {
  const { id, appId, wabaId, solutionId, ownerBusinessId } = told
  return {
    appId,
    kind: 'CLIENT_WABA_UPDATED',
    source: 'RECONCILED',
    dedupeKey: `reconciled:${appId}:intent:${id}:${what}`,
    occurredAt: now,
    receivedAt: now,
    field: intentField,
    event: `MIGRATION_INTENT_${what}`,
    solutionId,
    wabaId,
    ownerBusinessId,
    reportedStatus: null,
    payload: JSON.stringify(payload),
  }
}
