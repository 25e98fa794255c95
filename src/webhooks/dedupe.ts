import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'
import type { WebhookChange } from './envelope.ts'
import type { AllowedValue } from './allowlist/allowlist.ts'

/** Which app a post was sent to, and when it was received. */
export interface Delivery {
  readonly appId: string
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** A digest of what may not be stored. Null for a dead letter, whose text holds only what may be stored. */
  readonly fingerprint: ((content: string | Uint8Array) => string) | null
}

type ChangeIdentity = Pick<WebhookChange, 'entryId' | 'entryTime' | 'field' | 'value'>

/**
 * The key by which the event log recognizes a duplicate: it has a unique index on it, and passes over an event whose key it
 * has (`events/sqlite/group-writer.ts`, `events/postgres/append.ts`).
 *
 * Meta sends no event id, so the key is a digest of the change. The entry's time belongs to it: without the time, a state that
 * a solution reaches a second time would be taken for a duplicate. The time also begins the key, so that new keys are
 * appended to the index and few of its pages change.
 *
 * When something of the change is not stored, the digest needs the app's secret: with a plain digest, whoever reads the store
 * could try phone numbers until one fits.
 */
export function dedupeKey(
  delivery: Delivery,
  object: string | null,
  change: ChangeIdentity,
  allowed: AllowedValue,
): string {
  const { appId, fingerprint } = delivery
  const { entryId, entryTime, field } = change
  const isPlain = allowed.isWhole || fingerprint === null
  const value = canonical(isPlain ? allowed.value : change.value)
  const content = [appId, object ?? '', entryId ?? '', field, timeBucket(change, delivery), value].join(
    unitSeparator,
  )
  const time = String(entryTime ?? 0).padStart(12, '0')
  return `${time}-${isPlain ? hash('sha256', content, 'base64url') : fingerprint(content)}`
}

const hourMs = 60 * 60_000

/**
 * A change without a time is a duplicate of an equal one that was received in the same hour. A repeat that arrives later is
 * stored twice, which does less harm than losing the second of two equal changes.
 */
const timeBucket = ({ entryTime }: ChangeIdentity, { receivedAt }: Delivery): string =>
  entryTime === null ? `~${Math.floor(receivedAt / hourMs)}` : String(entryTime)

// Occurs in no part of the key: names are printable, and JSON text escapes control characters.
const unitSeparator = '\u001f'
