import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { baselineEvent } from '../../src/reconcile/baseline.ts'
import type { Knowledge } from '../../src/reconcile/facts.ts'
import { fold, knownFrom, nothingKnown } from '../../src/reconcile/knowledge.ts'
import { parseEnvelope } from '../../src/webhooks/envelope.ts'
import { eventsOfPost } from '../../src/webhooks/events.ts'

const appId = '1'
const receivedAt = 1_800_000_000_000

interface Entry {
  id: string
  time: number
  changes: { value: { solution_id?: string; waba_info?: { waba_id?: string } } }[]
}

/** Posts as Meta sent them, moved to one solution and one account, each a while after the one before. */
function history(names: readonly string[], start: number): readonly string[] {
  return names.map((name, place) => {
    const path = new URL(`../fixtures/webhooks/${name}.json`, import.meta.url)
    const body = JSON.parse(readFileSync(path, 'utf8')) as { entry: Entry[] }
    for (const entry of body.entry) {
      entry.time = start + place * 60
      for (const { value } of entry.changes) {
        if (value.solution_id !== undefined) value.solution_id = '77'
        if (value.waba_info?.waba_id !== undefined) value.waba_info.waba_id = '88'
      }
    }
    return JSON.stringify(body)
  })
}

const solution = history(
  [
    'solution-created.initiated',
    'solution-updated.active',
    'solution-updated.pending-deactivation',
    'solution-updated.active',
    'solution-updated.pending-deactivation',
    'solution-updated.deactivated',
  ],
  1_750_000_000,
)
// Lost and won again, the last time by an install of the app alone.
const account = history(
  [
    'partner-added.solution',
    'partner-app-installed.solution',
    'partner-removed',
    'partner-added.alone',
    'partner-removed.disconnected',
    'partner-app-installed.alone',
  ],
  1_750_000_030,
)
const posts = [...solution, ...account]

/** What is stored when these posts come in this order. */
function storedFrom(order: readonly number[]): readonly StoredEvent[] {
  const stored = new Map<string, StoredEvent>()
  for (const index of order)
    for (const event of eventsOfPost(parseEnvelope(posts[index] ?? ''), {
      appId,
      receivedAt,
      fingerprint: null,
    }))
      if (!stored.has(event.dedupeKey)) stored.set(event.dedupeKey, { ...event, seq: stored.size + 1 })
  return [...stored.values()]
}

/** Without the positions: they tell of the order of arrival, and everything else must not. */
function stateOf({ solutions, accounts, partners }: Knowledge) {
  const plain = (facts: Knowledge['solutions'] | Knowledge['accounts']) =>
    [...facts].map(([id, { state, at }]) => [id, state, at]).sort()
  return { solutions: plain(solutions), accounts: plain(accounts), partners: [...partners].sort() }
}

const last = posts.length - 1
const inOrder = fold(nothingKnown(appId), storedFrom([...posts.keys()]), posts.length)

describe('recorded webhooks', () => {
  it('in their own order end in the state that Meta told last', () => {
    expect(storedFrom([...posts.keys()])).toHaveLength(posts.length)
    expect(stateOf(inOrder)).toMatchObject({
      solutions: [['77', 'DEACTIVATED', 1_750_000_300]],
      accounts: [['88', 'INSTALLED', 1_750_000_330]],
    })
  })

  const doubled = [...posts.keys(), ...posts.keys()]
  const arrivals = fc.shuffledSubarray(doubled, { minLength: doubled.length - 4 })
  const all = arrivals.filter((order) => new Set(order).size === posts.length)

  it('of 1,000 shuffled histories with repeats end in the same state each time', () => {
    fc.assert(
      fc.property(all, fc.integer({ min: 0, max: last }), (order, cut) => {
        const events = storedFrom(order)
        // Read in two looks, the second of which sees some of the first again.
        const first = fold(nothingKnown(appId), events.slice(0, cut), cut)
        const known = fold(first, events.slice(Math.max(0, cut - 2)), events.length)
        expect(stateOf(known)).toEqual(stateOf(inOrder))
        expect(stateOf(fold(known, events, events.length))).toEqual(stateOf(inOrder))
      }),
      { numRuns: 1_000 },
    )
  })

  it('also with a restart between them, from what was written down by then', () => {
    const nothingSeen = { rows: [], complete: false }
    fc.assert(
      fc.property(all, fc.integer({ min: 0, max: last }), (order, cut) => {
        const events = storedFrom(order)
        const before = fold(nothingKnown(appId), events.slice(0, cut), cut)
        const seen = { solutions: nothingSeen, accounts: nothingSeen }
        const written = baselineEvent(before, seen, { at: 0, seq: cut }, receivedAt)
        const after = knownFrom(appId, { ...written, seq: 1_000 })
        expect(stateOf(fold(after, events.slice(cut), events.length))).toEqual(stateOf(inOrder))
      }),
      { numRuns: 300 },
    )
  })
})
