import { hash } from 'node:crypto'
import type { NewEvent } from '../events/event.ts'
import { classify } from './classify.ts'
import { dedupeKey } from './dedupe.ts'
import type { Change, Envelope, Malformed } from './envelope.ts'
import { useOf } from './fields.ts'

/** The field of pieces that could not be read; no field of Meta's begins with a dollar sign. */
const malformedField = '$malformed'

const maxRaw = 64 * 1024

/** Which app a post came to, and when (milliseconds). */
export interface Arrival {
  readonly appId: string
  readonly receivedAt: number
}

/** What of a post goes into the log: every change this gateway reads or does not know, and every unreadable piece. */
export function eventsOf(envelope: Envelope, arrival: Arrival): NewEvent[] {
  const kept = envelope.changes.filter((change) => useOf(change.field) !== 'counted')
  return [
    ...kept.map((change) => changeEvent(change, envelope.object, arrival)),
    ...malformedEvents(envelope, arrival),
  ]
}

function changeEvent(change: Change, object: string | null, arrival: Arrival): NewEvent {
  const { kind, event, wabaId, solutionId, ownerBusinessId, reportedStatus } = classify(change, object)
  return {
    ...origin(change, arrival),
    kind,
    dedupeKey: dedupeKey(arrival.appId, object, change),
    field: change.field,
    event,
    solutionId,
    wabaId,
    ownerBusinessId,
    reportedStatus,
    payload: JSON.stringify(change.value),
  }
}

/** Where the text of a piece is not exactly what came, the post's bytes tell it from others. */
function malformedEvents({ malformed, object, original }: Envelope, arrival: Arrival): NewEvent[] {
  if (malformed.length === 0) return []
  const digest = original && hash('sha256', original)
  return malformed.map((piece) => {
    const value = digest === undefined ? piece.raw : [piece.raw, digest]
    return malformedEvent(piece, object, arrival, value)
  })
}

function malformedEvent(piece: Malformed, object: string | null, arrival: Arrival, value: unknown): NewEvent {
  const key = { ...piece, field: malformedField, value }
  const raw = piece.raw.slice(0, maxRaw).toWellFormed()
  return {
    ...origin(piece, arrival),
    kind: 'OTHER',
    dedupeKey: dedupeKey(arrival.appId, object, key),
    field: malformedField,
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify({ reason: piece.reason, raw }),
  }
}

function origin({ entryTime }: { entryTime: number | null }, { appId, receivedAt }: Arrival) {
  return {
    appId,
    source: 'WEBHOOK' as const,
    occurredAt: entryTime === null ? receivedAt : entryTime * 1000,
    receivedAt,
  }
}
