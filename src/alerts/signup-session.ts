import { fine, next, unknown, warning, type Verdict } from './verdict.ts'
import type { StoredEvent } from '../events/event.ts'
import { sessionOutcomes, type SessionFacts } from './signup-session-message.ts'
import { signupError, type SignupError } from './signup-errors.ts'

/** What the event of a message keeps. */
export function sessionIn({ payload }: Pick<StoredEvent, 'payload'>): SessionFacts {
  const facts = JSON.parse(payload) as SessionFacts
  // Another outcome is one of a newer release.
  return sessionOutcomes.includes(facts.outcome) ? facts : { ...facts, outcome: 'UNKNOWN' }
}

/** What the code of a message means; null without one, and of one that is on no page. */
export const errorIn = ({ errorCode }: SessionFacts): SignupError | null =>
  errorCode === null ? null : signupError(Number(errorCode))

/** Whose turn it is after a dialog has ended. */
export function verdictOfSession(facts: SessionFacts): Verdict {
  const { outcome, errorCode } = facts
  if (outcome === 'FINISHED') return fine
  const error = errorIn(facts)
  if (error) return error.waitsFor === null ? fine : warning(error.waitsFor)
  // A customer who has left the dialog may come back to it.
  if (outcome === 'CANCELLED') return errorCode === null ? next('CUSTOMER') : warning('CUSTOMER')
  return unknown
}
