import type { DeadLetters, DeadLetter, Redrive } from '../events/dead-letters.ts'
import { StoreUnavailable, type EventLog } from '../events/log.ts'
import { readEnvelope, textOf } from './envelope.ts'
import { eventsOf } from './events.ts'
import { printable } from './printable.ts'

interface Parts {
  readonly log: EventLog
  readonly deadLetters: DeadLetters
  readonly clock: () => number
}

/**
 * Handles a dead letter again, with what this release knows. What came as a piece of a post is tried as a whole post,
 * as an entry and as a change. Each try is recorded, with why it failed. Rejects only while the store cannot be used.
 * One of which nothing was kept has been looked at with this, and waits no longer.
 */
export async function redrive(parts: Parts, letter: DeadLetter): Promise<Redrive> {
  const isEmpty = letter.raw.length === 0
  const detail = isEmpty ? nothingKept : await handle(parts, letter).catch(whyNot)
  const outcome = { at: parts.clock(), handled: isEmpty || detail === null, detail }
  await parts.deadLetters.recordRedrive(letter.id, outcome)
  return outcome
}

export const nothingKept = 'nothing of it was kept'

/** Null when it is handled, or what kept it from being. */
async function handle({ log }: Parts, letter: DeadLetter): Promise<string | null> {
  const arrival = { appId: letter.appId, receivedAt: letter.receivedAt, fingerprint: null }
  let detail = 'nothing readable in it'
  for (const text of readings(textOf(letter.raw))) {
    const envelope = readEnvelope(text)
    if (envelope.malformed.length > 0) detail = envelope.malformed[0]?.reason ?? detail
    if (envelope.malformed.length > 0 || envelope.changes.length === 0) continue
    await log.append(eventsOf(envelope, arrival))
    return null
  }
  return detail
}

function whyNot(error: unknown): string {
  if (error instanceof StoreUnavailable) throw error
  return printable(error instanceof Error ? `${error.name}: ${error.message}` : 'not an error')
}

function readings(raw: string): string[] {
  const object = '"object":"whatsapp_business_account"'
  return [raw, `{${object},"entry":[${raw}]}`, `{${object},"entry":[{"id":"0","changes":[${raw}]}]}`]
}
