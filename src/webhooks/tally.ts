import type { Change, Envelope } from './envelope.ts'
import { useOf } from './fields.ts'
import type { WebhookDeps } from './intake.ts'
import { noveltyOf } from './novelty.ts'
import { printable } from './printable.ts'
import { member, nameOf } from './record.ts'

const maxNamed = 10

/** Counts what a post held besides the known, and names what is new to us in one log line without any body. */
export function tally(envelope: Envelope, appId: string, { counters, log }: WebhookDeps): void {
  const ignored = envelope.changes.filter(({ field }) => useOf(field) === 'counted')
  for (const [field, n] of countBy(ignored, (change) => change.field)) {
    counters.count('ignored', { appId, field }, n)
  }
  for (const [reason, n] of countBy(envelope.malformed, (piece) => piece.reason)) {
    counters.count('malformed', { appId, reason }, n)
    log.warn({ appId, reason, n }, 'webhook held pieces that cannot be read')
  }
  const unknown = envelope.changes.filter((change) => noveltyOf(change, envelope.object) !== null)
  for (const [reason, n] of countBy(unknown, (change) => noveltyOf(change, envelope.object))) {
    counters.count('unknown', { appId, reason }, n)
  }
  if (unknown.length > 0)
    log.warn({ appId, ...namesOf(unknown, envelope.object) }, 'webhook held unknown changes')
}

function namesOf(unknown: readonly Change[], object: string | null) {
  const names = unknown.map(({ field, value }) => `${field} ${nameOf(member(value, 'event')) ?? ''}`.trim())
  return { object: printable(object ?? ''), names: [...new Set(names)].slice(0, maxNamed).map(printable) }
}

function countBy<T>(items: readonly T[], name: (item: T) => string | null): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = name(item)
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
