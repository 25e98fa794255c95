import type { DeadLetters, DeadLetter, Redrive } from '../events/dead-letters.ts'
import { StoreUnavailable, type EventLog } from '../events/log.ts'
import { parseEnvelope, decodeUtf8 } from './envelope.ts'
import { eventsOfPost } from './events.ts'
import { errorText } from './error-text.ts'

interface Parts {
  readonly log: EventLog
  readonly deadLetters: DeadLetters
  readonly clock: () => number
}

/**
 * Handles a dead letter again, with the rules of this release. The text of a letter may be a post, an entry or a change, so
 * each reading is tried. Each try is recorded with the reason of its failure. A letter without text counts as handled: there
 * is nothing that could be handled. Rejects only while the store cannot be used.
 */
export async function redrive(parts: Parts, letter: DeadLetter): Promise<Redrive> {
  const isEmpty = letter.raw.length === 0
  const detail = isEmpty ? nothingKept : await handle(parts, letter).catch(failureOf)
  const outcome = { at: parts.clock(), handled: isEmpty || detail === null, detail }
  await parts.deadLetters.recordRedrive(letter.id, outcome)
  return outcome
}

export const nothingKept = 'nothing of it was stored'

/** Null when it has been handled; otherwise why it could not be. */
async function handle({ log }: Parts, letter: DeadLetter): Promise<string | null> {
  const delivery = { appId: letter.appId, receivedAt: letter.receivedAt, fingerprint: null }
  let detail = 'nothing readable in it'
  for (const text of readings(decodeUtf8(letter.raw))) {
    const envelope = parseEnvelope(text)
    if (envelope.malformed.length > 0) detail = envelope.malformed[0]?.reason ?? detail
    if (envelope.malformed.length > 0 || envelope.changes.length === 0) continue
    await log.append(eventsOfPost(envelope, delivery))
    return null
  }
  return detail
}

function failureOf(error: unknown): string {
  if (error instanceof StoreUnavailable) throw error
  return errorText(error)
}

function readings(raw: string): string[] {
  const object = '"object":"whatsapp_business_account"'
  return [raw, `{${object},"entry":[${raw}]}`, `{${object},"entry":[{"id":"0","changes":[${raw}]}]}`]
}
