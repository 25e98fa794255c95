import { hash } from 'node:crypto'
import type { NewEvent } from '../events/event.ts'
import { classify } from './classify.ts'
import { dedupeKey, type Delivery } from './dedupe.ts'
import { unixSeconds, type WebhookChange, type Envelope, type Malformed } from './envelope.ts'
import { useOf } from './fields.ts'
import { plainName } from './allowlist/allowlist.ts'

/** The field of pieces that cannot be read. No field of Meta's begins with a dollar sign. */
const malformedField = '$malformed'

/**
 * The events of a post: one for each change whose field is not only counted, with what may be stored of it, and one for each
 * piece that cannot be read.
 */
export function eventsOfPost(envelope: Envelope, delivery: Delivery): NewEvent[] {
  const stored = envelope.changes.filter((change) => useOf(change.field) !== 'counted')
  return [
    ...stored.map((change) => changeEvent(change, envelope.object, delivery)),
    ...malformedEvents(envelope, delivery),
  ]
}

function changeEvent(change: WebhookChange, object: string | null, delivery: Delivery): NewEvent {
  const { allowed, kind, event, wabaId, solutionId, ownerBusinessId, reportedStatus } = classify(
    change,
    object,
  )
  // "Call settings" prints account_settings_update without a time of the entry, and with one of its own.
  const ownTime = unixSeconds(allowed.value['timestamp'])
  return {
    ...origin({ entryTime: change.entryTime ?? ownTime }, delivery),
    kind,
    dedupeKey: dedupeKey(delivery, object, change, allowed),
    field: plainName(change.field),
    event,
    solutionId,
    wabaId,
    ownerBusinessId,
    reportedStatus,
    payload: JSON.stringify(allowed.value),
  }
}

/** When the text of a piece is not exactly what was sent, the bytes of the post distinguish it from other pieces. */
function malformedEvents({ malformed, object, original }: Envelope, delivery: Delivery): NewEvent[] {
  if (malformed.length === 0) return []
  const digest = original && hash('sha256', original)
  return malformed.map((piece) => {
    const content = digest === undefined ? piece.raw : [piece.raw, digest]
    return malformedEvent(piece, object, delivery, content)
  })
}

/** Nobody knows what the piece holds, so only the reason and its size are stored. */
function malformedEvent(
  piece: Malformed,
  object: string | null,
  delivery: Delivery,
  content: unknown,
): NewEvent {
  const change = { ...piece, field: malformedField, value: content }
  const value = { reason: piece.reason, size: Buffer.byteLength(piece.raw) }
  return {
    ...origin(piece, delivery),
    kind: 'OTHER',
    dedupeKey: dedupeKey(delivery, object, change, { value, isWhole: false }),
    field: malformedField,
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify(value),
  }
}

function origin({ entryTime }: { entryTime: number | null }, { appId, receivedAt }: Delivery) {
  return {
    appId,
    source: 'WEBHOOK' as const,
    occurredAt: entryTime === null ? receivedAt : entryTime * 1000,
    receivedAt,
  }
}
