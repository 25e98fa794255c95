import { createHmac } from 'node:crypto'
import { StoreUnavailable, type Appended } from '../events/log.ts'
import type { Change, Envelope } from './envelope.ts'
import { eventsOf, type Arrival } from './events.ts'
import { useOf, whatsapp } from './fields.ts'
import type { WebhookApp, WebhookDeps } from './intake.ts'
import { keptOf } from './kept/kept.ts'
import { printable } from './printable.ts'

/**
 * Resolves when what may be kept of a post is, as events and as dead letters. Rejects when the store cannot take it now,
 * or not all of it: then a repeat is wanted, in which what was kept changes nothing.
 */
export async function keep(deps: WebhookDeps, app: WebhookApp, envelope: Envelope): Promise<void> {
  const { appId } = app
  const arrival = { appId, receivedAt: deps.now(), fingerprint: fingerprintOf(app) }
  const { stored, duplicates } = await store(deps, arrival, envelope)
  await bury(deps, arrival, unreadable(envelope))
  const passedOver = envelope.changes.filter(({ field }) => useOf(field) === 'counted').length
  if (passedOver > 0 || stored + duplicates === 0) deps.saw(appId, arrival.receivedAt, passedOver)
  if (stored > 0) deps.counters.count('stored', { appId }, stored)
  if (duplicates > 0) deps.counters.count('duplicate', { appId }, duplicates)
}

/**
 * Of what is not kept: nobody who has the store alone can try out what it was made from. It begins as no post does, so
 * that it signs none.
 */
const fingerprintOf =
  ({ appSecrets: [secret = ''] }: WebhookApp) =>
  (content: string | Uint8Array): string =>
    createHmac('sha256', secret).update('fingerprint of ').update(content).digest('base64url')

type Keyed = Arrival & { readonly fingerprint: ReturnType<typeof fingerprintOf> }

async function store(deps: WebhookDeps, arrival: Keyed, envelope: Envelope): Promise<Appended> {
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
async function storeEach(deps: WebhookDeps, arrival: Keyed, envelope: Envelope): Promise<Appended> {
  let [stored, duplicates] = [0, 0]
  const faulty: Letter[] = []
  for (const change of envelope.changes) {
    try {
      const one = await append(deps, arrival, { ...envelope, changes: [change], malformed: [] })
      stored += one.stored
      duplicates += one.duplicates
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      faulty.push(letterOf(reasonOf(deps, arrival, error), change, envelope.object))
    }
  }
  await bury(deps, arrival, faulty)
  return { stored, duplicates }
}

function reasonOf({ counters, log }: WebhookDeps, { appId }: Arrival, error: unknown): string {
  const cause = printable(error instanceof Error ? `${error.name}: ${error.message}` : 'not an error')
  counters.count('malformed', { appId, reason: 'could not be handled' })
  log.error({ appId, cause }, 'a webhook change could not be handled, and waits as a dead letter')
  return `could not be handled: ${cause}`
}

interface Letter {
  readonly reason: string
  /** What of it may be kept. */
  readonly raw: string
  /** Bytes of what came. */
  readonly size: number
  /** All that tells it from others. */
  readonly content: string | Uint8Array
}

/** What may be kept of the change, as a post of its own, so that a re-drive knows whose it is and when it was. */
function letterOf(reason: string, change: Change, object: string | null): Letter {
  const { entryId: id, entryTime: time, field, raw } = change
  const letter = { reason, size: Buffer.byteLength(raw), content: JSON.stringify({ object, id, time, raw }) }
  if (useOf(field) === 'unknown' || object !== whatsapp) return { ...letter, raw: '' }
  const { value } = keptOf(change, object)
  const post = { object, entry: [{ id, time, changes: [{ field, value }] }] }
  return { ...letter, raw: JSON.stringify(post) }
}

/** Of a post whose text is not exactly what came, one letter for each reason. What such pieces hold, nobody can say. */
function unreadable({ malformed, original }: Envelope): readonly Letter[] {
  const letter = (reason: string, content: string | Uint8Array): Letter => ({
    reason,
    raw: '',
    size: Buffer.byteLength(content),
    content,
  })
  if (original === undefined) return malformed.map(({ reason, raw }) => letter(reason, raw))
  const reasons = [...new Set(malformed.map(({ reason }) => reason))]
  return reasons.map((reason) => letter(reason, original))
}

async function bury(
  { deadLetters }: WebhookDeps,
  { appId, receivedAt, fingerprint }: Keyed,
  letters: readonly Letter[],
): Promise<void> {
  if (letters.length === 0) return
  await deadLetters.add(
    letters.map(({ reason, raw, size, content }) => ({
      appId,
      receivedAt,
      reason,
      raw: Buffer.from(raw),
      size,
      fingerprint: fingerprint(content),
    })),
  )
}
