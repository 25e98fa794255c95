import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NewEvent, type StoredEvent } from '../../src/events/event.ts'
import { eventKinds } from '../../src/events/kinds.ts'
import { baselineEvent, isBaselineDue } from '../../src/reconcile/baseline.ts'
import { compare, eventOfDrift, type GraphState } from '../../src/reconcile/compare.ts'
import type { Knowledge } from '../../src/reconcile/facts.ts'
import { fold, knownFrom, nothingKnown } from '../../src/reconcile/knowledge.ts'
import { solutionStatuses } from '../../src/solutions/lifecycle.ts'

const appId = '1'
const ids = ['10', '11', '12', '13']
const at = 1_750_000_000_000

/** What was told of few objects, with times before and after the look, and in no order. */
const told: fc.Arbitrary<NewEvent> = fc.record({
  appId: fc.constant(appId),
  kind: fc.constantFrom(...eventKinds),
  source: fc.constant('WEBHOOK' as const),
  dedupeKey: fc.uuid(),
  occurredAt: fc.integer({ min: at - 5000, max: at + 5000 }),
  receivedAt: fc.constant(at),
  field: fc.constant('account_update'),
  event: fc.constant(null),
  solutionId: fc.constantFrom(null, ...ids),
  wabaId: fc.constantFrom(null, ...ids),
  ownerBusinessId: fc.constant(null),
  reportedStatus: fc.constantFrom(null, 'PENDING', 'SOMETHING_NEW', ...solutionStatuses),
  payload: fc.constantFrom('{}', '{"waba_info":{"solution_partner_business_ids":["7","8"]}}'),
})

const seen: fc.Arbitrary<GraphState> = fc.record({
  solutions: fc.record({
    rows: fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...ids), status: fc.constantFrom(...solutionStatuses) }),
      { selector: ({ id }) => id },
    ),
    complete: fc.boolean(),
  }),
  accounts: fc.record({ rows: fc.subarray(ids), complete: fc.boolean() }),
})

const stored = (events: readonly NewEvent[], after = 0): StoredEvent[] =>
  events.map((event, index) => ({ ...event, seq: after + index + 1 }))

/** Appends what a comparison gives, as a look does, and learns it. */
function settle(
  known: Knowledge,
  seen: GraphState,
  at: number,
): { known: Knowledge; events: readonly NewEvent[] } {
  const drifts = compare(known, seen, { seq: known.upTo })
  const events = drifts.map((drift) => eventOfDrift(drift, { appId, at, receivedAt: at, origins: new Map() }))
  const isDue = isBaselineDue(known, seen, at, Infinity)
  const all = isDue ? [...events, baselineEvent(known, seen, { at, seq: known.upTo }, at)] : events
  return { known: fold(known, stored(all, known.upTo), known.upTo + all.length), events }
}

describe('a comparison', () => {
  it('has nothing more to say when what it said has been learnt', () => {
    const property = fc.property(fc.array(told, { maxLength: 30 }), seen, (history, seen) => {
      const before = fold(nothingKnown(appId), stored(history), history.length)
      const { known } = settle(before, seen, at)
      expect(compare(known, seen, { seq: known.upTo })).toEqual([])
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('never gives two differences one key, also when states come round again', () => {
    const property = fc.property(fc.array(seen, { maxLength: 8 }), (looks) => {
      let known = nothingKnown(appId)
      const keys: string[] = []
      for (const [index, look] of looks.entries()) {
        const settled = settle(known, look, at + index * 1000)
        known = settled.known
        keys.push(...settled.events.map(({ dedupeKey }) => dedupeKey))
      }
      expect(new Set(keys).size).toBe(keys.length)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('says nothing of what changed after the look began, and of no removal from half a list', () => {
    const property = fc.property(fc.array(told), seen, fc.nat(30), (history, seen, since) => {
      const known = fold(nothingKnown(appId), stored(history), history.length)
      for (const { about, last } of compare(known, seen, { seq: since })) {
        expect(last?.seq ?? 0).toBeLessThanOrEqual(since)
        expect(about === 'departure' && !seen.accounts.complete).toBe(false)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('what is known', () => {
  it('is the same after a restart, from the newest baseline on', () => {
    const property = fc.property(fc.array(told), seen, fc.array(told), (before, seen, after) => {
      const first = fold(nothingKnown(appId), stored(before), before.length)
      const baseline = baselineEvent(first, seen, { at, seq: first.upTo }, at)
      const rest = stored([baseline, ...after], before.length)
      const upTo = before.length + rest.length
      const restarted = fold(knownFrom(appId, rest[0] as StoredEvent), rest, upTo)
      expect(restarted).toEqual(fold(first, rest, upTo))
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('does not depend on where the log was cut into pages, or on a page read twice', () => {
    const property = fc.property(fc.array(told), fc.nat(20), (history, cut) => {
      const events = stored(history)
      const upTo = history.length
      const whole = fold(nothingKnown(appId), events, upTo)
      const half = fold(nothingKnown(appId), events.slice(0, cut), Math.min(cut, upTo))
      expect(fold(fold(half, events.slice(cut), upTo), events, upTo)).toEqual(whole)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('keeps the newer of two states when the older one is told late', () => {
    const status = (reportedStatus: string, occurredAt: number, seq: number): StoredEvent => ({
      ...(fc.sample(told, 1)[0] as NewEvent),
      kind: 'SOLUTION_UPDATED',
      solutionId: '10',
      reportedStatus,
      occurredAt,
      seq,
    })
    const events = [status('ACTIVE', at, 1), status('INITIATED', at - 60_000, 2)]
    const fact = { state: 'ACTIVE', at: at / 1000, seq: 2 }
    expect(fold(nothingKnown(appId), events, 2).solutions.get('10')).toEqual(fact)
  })
})
