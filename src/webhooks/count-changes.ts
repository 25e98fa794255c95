import { classify, isKnownSolutionEvent } from './classify.ts'
import type { WebhookChange, Envelope } from './envelope.ts'
import { fieldLabel, useOf, whatsappTopic } from './fields.ts'
import type { WebhookDeps } from './deps.ts'
import { plainName } from './allowlist/allowlist.ts'
import { sizeOf } from './allowlist/rule.ts'
import { isKnownAccountEvent } from '../alerts/account-events.ts'
import { valueAt } from '../lib/value.ts'

const maxNamed = 10

/** Counts the changes of a post by field, and names those that are unknown to this release in one log line without values. */
export function countChanges(envelope: Envelope, appId: string, { counters, log }: WebhookDeps): void {
  for (const [field, changes] of Map.groupBy(envelope.changes, (change) => fieldLabel(change.field)))
    counters.countReceived(appId, field, changes.length, bytesOfValues(changes))
  const ignored = envelope.changes.filter(({ field }) => useOf(field) === 'counted')
  for (const [field, n] of countBy(ignored, (change) => change.field)) {
    counters.count('ignored', { appId, field }, n)
  }
  for (const [reason, n] of countBy(envelope.malformed, (piece) => piece.reason)) {
    counters.count('malformed', { appId, reason }, n)
    log.warn({ appId, reason, n }, 'a webhook held pieces that cannot be read')
  }
  const unknown = envelope.changes.filter((change) => noveltyOf(change, envelope.object) !== null)
  for (const [reason, n] of countBy(unknown, (change) => noveltyOf(change, envelope.object))) {
    counters.count('unknown', { appId, reason }, n)
  }
  if (unknown.length > 0)
    log.warn(
      { appId, ...namesOf(unknown, envelope.object) },
      'a webhook held changes that this release does not know',
    )
}

const bytesOfValues = (changes: readonly WebhookChange[]): number =>
  changes.reduce((sum, { value }) => sum + sizeOf(value), 0)

/** Only names are logged: the value of an unknown field may be anything. */
function namesOf(unknown: readonly WebhookChange[], object: string | null) {
  const names = unknown.map((change) => `${plainName(change.field)} ${eventIn(change, object)}`.trim())
  return {
    object: plainName(object),
    names: [...new Set(names)].slice(0, maxNamed),
    bytes: bytesOfValues(unknown),
  }
}

const eventIn = (change: WebhookChange, object: string | null): string =>
  useOf(change.field) === 'read' ? (classify(change, object).event ?? '') : ''

function countBy<T>(items: readonly T[], name: (item: T) => string | null): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const key = name(item)
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** Which part of a change this release does not know. */
type Novelty = 'object' | 'field' | 'event'

function noveltyOf(change: WebhookChange, object: string | null): Novelty | null {
  const use = useOf(change.field)
  if (use === 'counted') return null
  if (object !== whatsappTopic) return 'object'
  if (use === 'unknown') return 'field'
  return use === 'alert' || isKnownEvent(change) ? null : 'event'
}

function isKnownEvent({ field, value }: WebhookChange): boolean {
  const event = valueAt(value, 'event')
  if (typeof event !== 'string') return false
  return field === 'partner_solutions' ? isKnownSolutionEvent(event) : isKnownAccountEvent(event)
}
