import { hash } from 'node:crypto'
import type { NewEvent } from '../events/event.ts'
import { classify } from './classify.ts'
import { dedupeKey } from './dedupe.ts'
import { timeOf, type Change, type Envelope, type Malformed } from './envelope.ts'
import { useOf } from './fields.ts'
import { plainName } from './kept/kept.ts'

/** The field of pieces that could not be read; no field of Meta's begins with a dollar sign. */
const malformedField = '$malformed'

/** Which app a post came to, and when (milliseconds). */
export interface Arrival {
  readonly appId: string
  readonly receivedAt: number
  /** A digest of what may not be kept. Null where nothing was left out, as in a dead letter. */
  readonly fingerprint: ((content: string | Uint8Array) => string) | null
}

/** What of a post goes into the log: of every change but the counted ones what may be kept, and that a piece was unreadable. */
export function eventsOf(envelope: Envelope, arrival: Arrival): NewEvent[] {
  const kept = envelope.changes.filter((change) => useOf(change.field) !== 'counted')
  return [
    ...kept.map((change) => changeEvent(change, envelope.object, arrival)),
    ...malformedEvents(envelope, arrival),
  ]
}

function changeEvent(change: Change, object: string | null, arrival: Arrival): NewEvent {
  const { kept, kind, event, wabaId, solutionId, ownerBusinessId, reportedStatus } = classify(change, object)
  // "Call settings" prints account_settings_update without a time of the entry, and with one of its own.
  const ownTime = timeOf(kept.value['timestamp'])
  return {
    ...origin({ entryTime: change.entryTime ?? ownTime }, arrival),
    kind,
    dedupeKey: dedupeKey(arrival, object, change, kept),
    field: plainName(change.field),
    event,
    solutionId,
    wabaId,
    ownerBusinessId,
    reportedStatus,
    payload: JSON.stringify(kept.value),
  }
}

/** Where the text of a piece is not exactly what came, the post's bytes tell it from others. */
function malformedEvents({ malformed, object, original }: Envelope, arrival: Arrival): NewEvent[] {
  if (malformed.length === 0) return []
  const digest = original && hash('sha256', original)
  return malformed.map((piece) => {
    const content = digest === undefined ? piece.raw : [piece.raw, digest]
    return malformedEvent(piece, object, arrival, content)
  })
}

/** Nobody can say what is in it: only that it came, why it could not be read, and how large it was. */
function malformedEvent(
  piece: Malformed,
  object: string | null,
  arrival: Arrival,
  content: unknown,
): NewEvent {
  const change = { ...piece, field: malformedField, value: content }
  const value = { reason: piece.reason, size: Buffer.byteLength(piece.raw) }
  return {
    ...origin(piece, arrival),
    kind: 'OTHER',
    dedupeKey: dedupeKey(arrival, object, change, { value, isWhole: false }),
    field: malformedField,
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify(value),
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
