import { StoreUnavailable, type Appended } from '../events/log.ts'
import type { Change, Envelope } from './envelope.ts'
import { eventsOf, type Arrival } from './events.ts'
import { useOf } from './fields.ts'
import type { WebhookDeps } from './intake.ts'
import { printable } from './printable.ts'

/**
 * Resolves when all of a post is kept, as events or as dead letters with its raw bytes. Rejects when the store cannot
 * take it now, or not all of it: then a repeat is wanted, in which what was kept changes nothing.
 */
export async function keep(deps: WebhookDeps, appId: string, envelope: Envelope): Promise<void> {
  const arrival = { appId, receivedAt: deps.now() }
  const { stored, duplicates } = await store(deps, arrival, envelope)
  await bury(deps, arrival, envelope.malformed, envelope.original)
  const passedOver = envelope.changes.filter(({ field }) => useOf(field) === 'counted').length
  if (passedOver > 0 || stored + duplicates === 0) deps.saw(appId, arrival.receivedAt, passedOver)
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
  const faulty: Piece[] = []
  for (const change of envelope.changes) {
    try {
      const one = await append(deps, arrival, { ...envelope, changes: [change], malformed: [] })
      stored += one.stored
      duplicates += one.duplicates
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      faulty.push({ reason: reasonOf(deps, arrival, error), raw: postOf(envelope.object, change) })
    }
  }
  await bury(deps, arrival, faulty, envelope.original)
  return { stored, duplicates }
}

function reasonOf({ counters, log }: WebhookDeps, { appId }: Arrival, error: unknown): string {
  const cause = printable(error instanceof Error ? `${error.name}: ${error.message}` : 'not an error')
  counters.count('malformed', { appId, reason: 'could not be handled' })
  log.error({ appId, cause }, 'a webhook change could not be handled, and waits as a dead letter')
  return `could not be handled: ${cause}`
}

/** The change as a post of its own, so that a re-drive knows whose it is and when it was. */
function postOf(object: string | null, { entryId, entryTime, raw }: Change): string {
  const [id, time] = [JSON.stringify(entryId), JSON.stringify(entryTime)]
  return `{"object":${JSON.stringify(object)},"entry":[{"id":${id},"time":${time},"changes":[${raw}]}]}`
}

interface Piece {
  readonly reason: string
  readonly raw: string
}

/** Of a post whose text is not exactly what came, the whole is kept as it came: once for each reason. */
async function bury(
  { deadLetters }: WebhookDeps,
  arrival: Arrival,
  pieces: readonly Piece[],
  original: Uint8Array | undefined,
): Promise<void> {
  if (pieces.length === 0) return
  const letters = original
    ? [...new Set(pieces.map(({ reason }) => reason))].map((reason) => ({
        reason,
        raw: Buffer.from(original),
      }))
    : pieces.map(({ reason, raw }) => ({ reason, raw: Buffer.from(raw) }))
  await deadLetters.add(letters.map((letter) => ({ ...arrival, ...letter })))
}
