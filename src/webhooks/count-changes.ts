import { setImmediate as turn } from 'node:timers/promises'
import { classify, isKnownSolutionEvent } from './classify.ts'
import type { WebhookChange, Envelope } from './envelope.ts'
import { fieldLabel, useOf, whatsappTopic } from './fields.ts'
import type { WebhookDeps } from './deps.ts'
import { plainName } from './allowlist/allowlist.ts'
import { sizeOf } from './allowlist/rule.ts'
import { isKnownAccountEvent } from '../alerts/account-events.ts'
import { partsOf, sliceSteps } from '../lib/slices.ts'
import { valueAt } from '../lib/value.ts'

const maxNamed = 10

/** Counts the changes of a post by field, and names those that are unknown to this release in one log line without values. */
export async function countChanges(envelope: Envelope, appId: string, deps: WebhookDeps): Promise<void> {
  const unknown = new UnknownChanges(envelope.object)
  for (const changes of partsOf(envelope.changes)) {
    countPart(changes, appId, deps)
    unknown.add(changes)
    if (changes.length === sliceSteps) await turn()
  }
  countMalformed(envelope, appId, deps)
  unknown.report(appId, deps)
}

function countPart(changes: readonly WebhookChange[], appId: string, { counters }: WebhookDeps): void {
  for (const [field, some] of Map.groupBy(changes, (change) => fieldLabel(change.field)))
    counters.countReceived(appId, field, some.length, bytesOfValues(some))
  const ignored = changes.filter(({ field }) => useOf(field) === 'counted')
  for (const [field, n] of countBy(ignored, (change) => change.field)) {
    counters.count('ignored', { appId, field }, n)
  }
}

function countMalformed({ malformed }: Envelope, appId: string, { counters, log }: WebhookDeps): void {
  for (const [reason, n] of countBy(malformed, (piece) => piece.reason)) {
    counters.count('malformed', { appId, reason }, n)
    log.warn({ appId, reason, n }, 'a webhook held pieces that cannot be read')
  }
}

/** Only names are logged: the value of an unknown field may be anything. */
class UnknownChanges {
  readonly #object: string | null
  readonly #names = new Set<string>()
  readonly #novelties: Novelty[] = []
  #bytes = 0

  constructor(object: string | null) {
    this.#object = object
  }

  add(changes: readonly WebhookChange[]): void {
    for (const change of changes) {
      const novelty = noveltyOf(change, this.#object)
      if (novelty !== null) this.#note(change, novelty)
    }
  }

  #note(change: WebhookChange, novelty: Novelty): void {
    this.#novelties.push(novelty)
    this.#bytes += sizeOf(change.value)
    if (this.#names.size < maxNamed)
      this.#names.add(`${plainName(change.field)} ${eventIn(change, this.#object)}`.trim())
  }

  report(appId: string, { counters, log }: WebhookDeps): void {
    if (this.#novelties.length === 0) return
    for (const [reason, n] of countBy(this.#novelties, (novelty) => novelty)) {
      counters.count('unknown', { appId, reason }, n)
    }
    const [object, names, bytes] = [plainName(this.#object), [...this.#names], this.#bytes]
    log.warn({ appId, object, names, bytes }, 'a webhook held changes that this release does not know')
  }
}

const bytesOfValues = (changes: readonly WebhookChange[]): number =>
  changes.reduce((sum, { value }) => sum + sizeOf(value), 0)

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
