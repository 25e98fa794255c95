import type { EventKind, NewEvent } from '../events/event.ts'
import type { Drift } from './compare.ts'

/** Where an account comes from, as far as anybody tells. */
export interface Origin {
  readonly ownerBusinessId: string | null
  readonly solutionId: string | null
}

export interface Found {
  readonly appId: string
  /** When the look began, so that nothing which happens during it counts as older. */
  readonly at: number
  readonly receivedAt: number
  readonly origins: ReadonlyMap<string, Origin>
}

export function eventOf(drift: Drift, { appId, at, receivedAt, origins }: Found): NewEvent {
  const kind = kindOf(drift)
  const isSolution = drift.about === 'solution'
  const origin = isSolution ? undefined : origins.get(drift.id)
  return {
    appId,
    kind,
    source: 'RECONCILED',
    dedupeKey: keyOf(appId, drift),
    // Not older than what it replaces: Meta's clock may be ahead of ours.
    occurredAt: Math.max(at, (drift.last?.at ?? 0) * 1000),
    receivedAt,
    field: 'reconcile',
    event: kind,
    solutionId: isSolution ? drift.id : (origin?.solutionId ?? null),
    wabaId: isSolution ? null : drift.id,
    ownerBusinessId: origin?.ownerBusinessId ?? null,
    reportedStatus: isSolution ? drift.status : null,
    payload: JSON.stringify({ before: drift.last?.state ?? null }),
  }
}

/**
 * One event for what the log last knew of an object, whoever finds the difference and however often; after it the log
 * knows more, so the same state coming round again has another key.
 */
function keyOf(appId: string, { about, id, last }: Drift): string {
  return `reconciled:${appId}:${about === 'solution' ? 'solution' : 'account'}:${id}:${last?.seq ?? 0}`
}

function kindOf({ about, last }: Drift): EventKind {
  switch (about) {
    case 'solution':
      return last ? 'SOLUTION_UPDATED' : 'SOLUTION_CREATED'
    case 'arrival':
      return 'CLIENT_WABA_ONBOARDED'
    case 'departure':
      return 'CLIENT_WABA_REMOVED'
  }
}
