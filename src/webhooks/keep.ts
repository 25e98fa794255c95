import { StoreUnavailable, type Appended } from '../events/log.ts'
import type { Change, Envelope } from './envelope.ts'
import { eventsOf, type Arrival } from './events.ts'
import type { WebhookDeps } from './intake.ts'
import { printable } from './printable.ts'

/**
 * Resolves when all of a post is kept, as events or as dead letters with its raw bytes. Rejects when the store cannot
 * take it now, or not all of it: then a repeat is wanted, in which what was kept changes nothing.
 */
export async function keep(deps: WebhookDeps, appId: string, envelope: Envelope): Promise<void> {
  const arrival = { appId, receivedAt: deps.now() }
  const { stored, duplicates } = await store(deps, arrival, envelope)
  for (const { reason, raw } of envelope.malformed) await bury(deps, arrival, reason, raw)
  if (stored > 0) deps.counters.count('stored', { appId }, stored)
  if (duplicates > 0) deps.counters.count('duplicate', { appId }, duplicates)
}

async function store(deps: WebhookDeps, arrival: Arrival, envelope: Envelope): Promise<Appended> {
  try {
    return await append(deps, arrival, envelope)
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    return storeEach(deps, arrival, envelope)
  }
}

async function append({ intake }: WebhookDeps, arrival: Arrival, envelope: Envelope): Promise<Appended> {
  const events = eventsOf(envelope, arrival)
  return events.length === 0 ? { stored: 0, duplicates: 0 } : intake.append(events)
}

/**
 * Something in the post cannot be handled by this release or kept by this store, and a repeat would fail as it did. So
 * each change is tried again for itself, and those that fail once more wait as dead letters.
 */
async function storeEach(deps: WebhookDeps, arrival: Arrival, envelope: Envelope): Promise<Appended> {
  let [stored, duplicates] = [0, 0]
  for (const change of envelope.changes) {
    try {
      const one = await append(deps, arrival, { ...envelope, changes: [change], malformed: [] })
      stored += one.stored
      duplicates += one.duplicates
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      await buryChange(deps, arrival, envelope.object, change, error)
    }
  }
  return { stored, duplicates }
}

async function buryChange(
  deps: WebhookDeps,
  arrival: Arrival,
  object: string | null,
  change: Change,
  error: unknown,
): Promise<void> {
  const { appId } = arrival
  const cause = printable(error instanceof Error ? `${error.name}: ${error.message}` : 'not an error')
  await bury(deps, arrival, `could not be handled: ${cause}`, postOf(object, change))
  deps.counters.count('malformed', { appId, reason: 'could not be handled' })
  deps.log.error({ appId, cause }, 'a webhook change could not be handled, and waits as a dead letter')
}

/** The change as a post of its own, so that a re-drive knows whose it is and when it was. */
function postOf(object: string | null, { entryId, entryTime, raw }: Change): string {
  const [id, time] = [JSON.stringify(entryId), JSON.stringify(entryTime)]
  return `{"object":${JSON.stringify(object)},"entry":[{"id":${id},"time":${time},"changes":[${raw}]}]}`
}

async function bury(
  { deadLetters }: WebhookDeps,
  { appId, receivedAt }: Arrival,
  reason: string,
  raw: string,
): Promise<void> {
  await deadLetters.add({ appId, receivedAt, reason, raw: Buffer.from(raw) })
}
