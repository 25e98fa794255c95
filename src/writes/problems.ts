import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { LookUp } from './write.ts'

export const conflict = gatewayProblem(
  'CONFLICT',
  'This idempotency key was used with another input. A code of Embedded Signup counts as one.',
)

export const stillRunning = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The same request has begun elsewhere and not ended. Ask again in a moment: nothing is sent twice.',
  true,
)

export const ofNewerRelease = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'A newer release of this gateway has the request on record, in a state that this one does not know. Nothing is sent. Ask ' +
    'again: an instance of that release knows what came of it.',
  true,
)

export const tooSlow = gatewayProblem(
  'UPSTREAM_UNAVAILABLE',
  'Graph took too long to say how things stand, so nothing was sent.',
  true,
)

export const outcomeUnknown = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The change was sent and no definite answer came, and whether it was made cannot be seen now. The same request ' +
    'looks again and does not send while that is open.',
)

export const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and nothing has changed. Read the object again before trying again.',
)

const neverShown = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The change was sent, no definite answer came, and Graph has no way to look. It may have been made: under this key it is ' +
    'not sent again. Find out at Meta whether it was made, and take a new key when it was not.',
)

/**
 * Why a write without an answer may not be sent again now; null when it may. Under a key of the caller's, a write that
 * Graph has no way to show (`invisible`) stays open: who has made sure takes a new key.
 */
export function whyOpen(
  found: Exclude<LookUp, object>,
  hasKey: boolean,
  secondsToCertainty: number,
): Problem | null {
  if (found === 'unknown') return outcomeUnknown
  if (found === 'invisible' && hasKey) return neverShown
  if (secondsToCertainty === 0) return null
  const sight =
    found === 'not-made'
      ? 'Graph does not show it. It may still come'
      : 'Graph has no way to look. It may have been made'
  const message = `The change was sent, no definite answer came, and ${sight}: it is not sent again for ${secondsToCertainty} seconds.`
  return { ...gatewayProblem('OUTCOME_UNKNOWN', message, true), retryAfterSeconds: secondsToCertainty }
}
