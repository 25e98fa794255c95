import type { StoredEvent } from './event.ts'
import type { EventFilter, EventLog } from './log.ts'

const pageSize = 500

/** The events received since a time, oldest first. */
export async function eventsReceivedSince(
  log: Pick<EventLog, 'readBefore'>,
  filter: EventFilter,
  since: number,
): Promise<readonly StoredEvent[]> {
  let found: readonly StoredEvent[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const page = await log.readBefore(before, filter, pageSize)
    const [oldest] = page
    found = [...page, ...found]
    if (page.length < pageSize || !oldest || oldest.receivedAt < since) break
    before = oldest.seq
  }
  return found.filter(({ receivedAt }) => receivedAt >= since)
}
