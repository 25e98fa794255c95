import type { StoredEvent } from '../events/event.ts'

const parsed = new WeakMap<StoredEvent, unknown>()

/** What is kept of what Meta sent; null of an event that the gateway made. */
export function sentIn(event: StoredEvent): unknown {
  if (event.source !== 'WEBHOOK') return null
  if (!parsed.has(event)) parsed.set(event, JSON.parse(event.payload))
  return parsed.get(event)
}
