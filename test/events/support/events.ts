import fc from 'fast-check'
import { eventSources, type NewEvent } from '../../../src/events/event.ts'
import { eventKinds } from '../../../src/events/kinds.ts'
import type { EventFilter } from '../../../src/events/log.ts'

let made = 0

/** An event like no other, unless told which. */
export function anEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return {
    appId: '670843887433847',
    kind: 'SOLUTION_UPDATED',
    source: 'WEBHOOK',
    dedupeKey: `key ${++made}`,
    occurredAt: 1_750_000_000_000,
    receivedAt: 1_750_000_000_500,
    field: 'account_update',
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: '{}',
    ...fields,
  }
}

export const everything: EventFilter = { appIds: ['670843887433847'] }

const appIds = ['1', '2', '3']
const ids = ['10', '20']

/** Events over few apps, kinds and ids, and few keys: so that filters match some and keys repeat. */
export const anyEvent: fc.Arbitrary<NewEvent> = fc
  .record({
    appId: fc.constantFrom(...appIds),
    kind: fc.constantFrom(...eventKinds),
    source: fc.constantFrom(...eventSources),
    dedupeKey: fc.integer({ min: 0, max: 60 }).map((key) => `any ${key}`),
    solutionId: fc.constantFrom(null, ...ids),
    wabaId: fc.constantFrom(null, ...ids),
  })
  .map(anEvent)

export const anyFilter: fc.Arbitrary<EventFilter> = fc.record(
  {
    appIds: fc.subarray(appIds, { minLength: 1 }),
    kinds: fc.subarray([...eventKinds]),
    sources: fc.subarray([...eventSources]),
    solutionId: fc.constantFrom(...ids),
    wabaId: fc.constantFrom(...ids),
  },
  { requiredKeys: ['appIds'] },
)

/** The filter in plain code, to compare with. */
export function matches(filter: EventFilter, event: NewEvent): boolean {
  return (
    filter.appIds.includes(event.appId) &&
    (filter.kinds?.includes(event.kind) ?? true) &&
    (filter.sources?.includes(event.source) ?? true) &&
    (filter.solutionId === undefined || filter.solutionId === event.solutionId) &&
    (filter.wabaId === undefined || filter.wabaId === event.wabaId)
  )
}

/** The log in plain code: the first event of each key, numbered from 1. */
export function firstOfEachKey(appends: readonly (readonly NewEvent[])[]): readonly NewEvent[] {
  const seen = new Map<string, NewEvent>()
  for (const event of appends.flat()) if (!seen.has(event.dedupeKey)) seen.set(event.dedupeKey, event)
  return [...seen.values()]
}
