import { createHmac } from 'node:crypto'
import { StoreUnavailable, type Appended } from '../events/log.ts'
import type { WebhookChange, Envelope } from './envelope.ts'
import type { Delivery } from './dedupe.ts'
import { eventsOfPost } from './events.ts'
import { useOf, whatsappTopic } from './fields.ts'
import type { WebhookApp, WebhookDeps } from './deps.ts'
import { applyAllowList } from './allowlist/allowlist.ts'
import { partsOf } from '../lib/slices.ts'
import { errorText } from './error-text.ts'

/**
 * Stores what may be stored of a post: its changes as events, and what cannot be read or handled as dead letters. Resolves
 * when all of it is durable. Rejects with StoreUnavailable when the store cannot take some of it now. Meta then sends the
 * post again, and what was stored of it is recognized as duplicate.
 */
export async function persist(deps: WebhookDeps, app: WebhookApp, envelope: Envelope): Promise<void> {
  const { appId } = app
  const delivery = { appId, receivedAt: deps.now(), fingerprint: fingerprintOf(app) }
  let known = 0
  for (const part of partsOfPost(envelope)) {
    const { stored, duplicates } = await appendOrIsolate(deps, delivery, part)
    if (stored > 0) deps.counters.count('stored', { appId }, stored)
    if (duplicates > 0) deps.counters.count('duplicate', { appId }, duplicates)
    known += stored + duplicates
  }
  await deadLetter(deps, delivery, lettersOfMalformed(envelope))
  const unstored = envelope.changes.filter(({ field }) => useOf(field) === 'counted').length
  if (unstored > 0 || known === 0) deps.countUnstored(appId, delivery.receivedAt, unstored)
}

/**
 * Meta sends at most 1,000 changes in a post ("Create a webhook endpoint"), which are stored in one transaction. A post that
 * has more is stored in several, so that none of them holds the event loop for long.
 */
function* partsOfPost(envelope: Envelope): Generator<Envelope> {
  const parts = [...partsOf(envelope.changes)]
  const last = parts.pop() ?? []
  for (const changes of parts) yield { ...envelope, changes, malformed: [] }
  yield { ...envelope, changes: last }
}

/**
 * Makes the digest of content that is not stored. It needs the app's secret, so whoever has the store alone cannot guess the
 * content by trying. The prefix makes sure that the digest is never a valid signature of a post.
 */
const fingerprintOf =
  ({ appSecrets: [secret = ''] }: WebhookApp) =>
  (content: string | Uint8Array): string =>
    createHmac('sha256', secret).update('fingerprint of ').update(content).digest('base64url')

type KeyedDelivery = Delivery & { readonly fingerprint: ReturnType<typeof fingerprintOf> }

async function appendOrIsolate(
  deps: WebhookDeps,
  delivery: KeyedDelivery,
  envelope: Envelope,
): Promise<Appended> {
  try {
    return await appendEvents(deps, delivery, envelope)
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    return appendEach(deps, delivery, envelope)
  }
}

async function appendEvents(
  { intake }: WebhookDeps,
  delivery: Delivery,
  envelope: Envelope,
): Promise<Appended> {
  const events = eventsOfPost(envelope, delivery)
  return events.length === 0 ? { stored: 0, duplicates: 0 } : intake.append(events)
}

/**
 * Appends each change by itself, after all of them together have failed for another reason than the store: a repeat of the
 * post would fail as it did. A change that fails again becomes a dead letter.
 */
async function appendEach(deps: WebhookDeps, delivery: KeyedDelivery, envelope: Envelope): Promise<Appended> {
  let [stored, duplicates] = [0, 0]
  const faulty: Letter[] = []
  for (const change of envelope.changes) {
    try {
      const one = await appendEvents(deps, delivery, { ...envelope, changes: [change], malformed: [] })
      stored += one.stored
      duplicates += one.duplicates
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      faulty.push(letterOfChange(reportFaulty(deps, delivery, error), change, envelope.object))
    }
  }
  await deadLetter(deps, delivery, faulty)
  return { stored, duplicates }
}

function reportFaulty({ counters, log }: WebhookDeps, { appId }: Delivery, error: unknown): string {
  const cause = errorText(error)
  counters.count('malformed', { appId, reason: 'could not be handled' })
  log.error({ appId, cause }, 'a webhook change could not be handled and was stored as a dead letter')
  return `could not be handled: ${cause}`
}

interface Letter {
  readonly reason: string
  /** What may be stored of it. */
  readonly raw: string
  /** Bytes of what came. */
  readonly size: number
  /** Everything that distinguishes it from other letters. */
  readonly content: string | Uint8Array
}

/** What may be stored of the change, as a post of its own, so that a re-drive knows which entry it belongs to, and when. */
function letterOfChange(reason: string, change: WebhookChange, object: string | null): Letter {
  const { entryId: id, entryTime: time, field, raw } = change
  const letter = { reason, size: Buffer.byteLength(raw), content: JSON.stringify({ object, id, time, raw }) }
  if (useOf(field) === 'unknown' || object !== whatsappTopic) return { ...letter, raw: '' }
  const { value } = applyAllowList(change, object)
  const post = { object, entry: [{ id, time, changes: [{ field, value }] }] }
  return { ...letter, raw: JSON.stringify(post) }
}

/**
 * Letters for the pieces that cannot be read: nobody knows what they hold, so their text is not stored. When the post is not
 * valid UTF-8, its bytes are the content, and there is one letter for each reason.
 */
function lettersOfMalformed({ malformed, original }: Envelope): readonly Letter[] {
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

async function deadLetter(
  { deadLetters }: WebhookDeps,
  { appId, receivedAt, fingerprint }: KeyedDelivery,
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
