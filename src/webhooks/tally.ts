import { classify, isKnownSolutionEvent } from './classify.ts'
import type { Change, Envelope } from './envelope.ts'
import { fieldLabel, useOf, whatsapp } from './fields.ts'
import type { WebhookDeps } from './intake.ts'
import { plainName } from './kept/kept.ts'
import { sizeOf } from './kept/rule.ts'
import { isKnownAccountEvent } from './account-events.ts'
import { member } from './record.ts'

const maxNamed = 10

/** Counts what a post held besides the known, and names what is new to us in one log line without any body. */
export function tally(envelope: Envelope, appId: string, { counters, log }: WebhookDeps): void {
  for (const [field, changes] of Map.groupBy(envelope.changes, (change) => fieldLabel(change.field)))
    counters.came(appId, field, changes.length, bytesOf(changes))
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

const bytesOf = (changes: readonly Change[]): number =>
  changes.reduce((sum, { value }) => sum + sizeOf(value), 0)

/** Of an unknown field nothing but its name, since what it holds may be anything. */
function namesOf(unknown: readonly Change[], object: string | null) {
  const names = unknown.map((change) => `${plainName(change.field)} ${eventIn(change, object)}`.trim())
  return {
    object: plainName(object),
    names: [...new Set(names)].slice(0, maxNamed),
    bytes: bytesOf(unknown),
  }
}

const eventIn = (change: Change, object: string | null): string =>
  useOf(change.field) === 'read' ? (classify(change, object).event ?? '') : ''

function countBy<T>(items: readonly T[], name: (item: T) => string | null): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = name(item)
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** What about a stored change this version has never heard of. */
type Novelty = 'object' | 'field' | 'event'

export function noveltyOf(change: Change, object: string | null): Novelty | null {
  const use = useOf(change.field)
  if (use === 'counted') return null
  if (object !== whatsapp) return 'object'
  if (use === 'unknown') return 'field'
  return use === 'alert' || isKnownEvent(change) ? null : 'event'
}

function isKnownEvent({ field, value }: Change): boolean {
  const event = member(value, 'event')
  if (typeof event !== 'string') return false
  return field === 'partner_solutions' ? isKnownSolutionEvent(event) : isKnownAccountEvent(event)
}
