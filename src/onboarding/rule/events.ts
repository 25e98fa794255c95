import type { StoredEvent } from '../../events/event.ts'
import { isArrival } from '../../accounts/arrival.ts'
import { readAudit } from '../../writes/audit.ts'
import { readNote } from './note.ts'

/** What makes the rule see to an account: it has arrived, or its customer's token has come. */
export const begins = (event: StoredEvent): boolean =>
  isArrival(event) || (event.field === 'exchange_code' && event.kind === 'CLIENT_WABA_UPDATED')

/** Alerts, and what has no kind of its own, take nothing away that a step waits for; a review of the account may. */
const changesNothing = ({ kind, field }: StoredEvent): boolean =>
  (kind === 'ACCOUNT_ALERT' && field !== 'account_review_update') || kind === 'OTHER'

/** What somebody else has done, or Meta has told: an account may have waited for it. */
export function isNews(event: StoredEvent): boolean {
  if (event.source !== 'GATEWAY') return !changesNothing(event)
  const note = readNote(event)
  if (note) return note.state !== 'WAITING'
  const audit = readAudit(event.payload)
  return audit !== null && audit.actor !== 'RULE'
}
