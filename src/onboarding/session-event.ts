import { fine, next, unknown, warning, type Verdict } from '../alerts/verdict.ts'
import type { StoredEvent } from '../events/event.ts'
import { signupError } from './session-codes.ts'
import type { SessionFacts } from './session-message.ts'

/** What the event of a message keeps. */
export const sessionIn = ({ payload }: Pick<StoredEvent, 'payload'>): SessionFacts =>
  JSON.parse(payload) as SessionFacts

/** Whose turn it is after a dialog has ended. */
export function verdictOfSession({ outcome, errorCode }: SessionFacts): Verdict {
  if (outcome === 'FINISHED') return fine
  const error = signupError(errorCode)
  if (error) return error.waitsFor === null ? fine : warning(error.waitsFor)
  // Whoever left the dialog comes back to it, or does not.
  if (outcome === 'CANCELLED') return errorCode === null ? next('CUSTOMER') : warning('CUSTOMER')
  return unknown
}
