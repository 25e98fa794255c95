import type { StoredEvent } from '../events/event.ts'

// The fields of one event are resolved one after the other: of the last alone is it worth to remember the value.
let last: { readonly event: StoredEvent; readonly value: unknown } | null = null

/** What is kept of what Meta sent; null of an event that the gateway made. */
export function sentIn(event: StoredEvent): unknown {
  if (event.source !== 'WEBHOOK') return null
  if (last?.event !== event) last = { event, value: JSON.parse(event.payload) }
  return last.value
}
