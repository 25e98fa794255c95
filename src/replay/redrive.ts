import type { DeadLetters, DeadLetter, Redrive } from '../events/dead-letters.ts'
import type { EventLog } from '../events/log.ts'
import { readEnvelope } from '../webhooks/envelope.ts'
import { eventsOf } from '../webhooks/events.ts'

interface Parts {
  readonly log: EventLog
  readonly deadLetters: DeadLetters
  readonly clock: () => number
}

/**
 * Handles a dead letter again, with what this release knows. What came as a piece of a post is tried as a whole post,
 * as an entry and as a change. Each try is recorded, with why it failed.
 */
export async function redrive(parts: Parts, letter: DeadLetter): Promise<Redrive> {
  const outcome = await handle(parts, letter)
  await parts.deadLetters.recordRedrive(letter.id, outcome)
  return outcome
}

async function handle({ log, clock }: Parts, letter: DeadLetter): Promise<Redrive> {
  const raw = letter.raw.toString('utf8')
  const arrival = { appId: letter.appId, receivedAt: letter.receivedAt }
  let detail = 'nothing readable in it'
  for (const text of readings(raw)) {
    const envelope = readEnvelope(text)
    if (envelope.malformed.length > 0) detail = envelope.malformed[0]?.reason ?? detail
    if (envelope.malformed.length > 0 || envelope.changes.length === 0) continue
    await log.append(eventsOf(envelope, arrival))
    return { at: clock(), handled: true, detail: null }
  }
  return { at: clock(), handled: false, detail }
}

function readings(raw: string): string[] {
  const object = '"object":"whatsapp_business_account"'
  return [raw, `{${object},"entry":[${raw}]}`, `{${object},"entry":[{"id":"0","changes":[${raw}]}]}`]
}
