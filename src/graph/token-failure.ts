import type { ReadOutcome } from './batch/read-all.ts'
import { GraphError } from './error.ts'

/** Whether another source may have the token: this one knows nothing of the customer, or does not tell us. */
export function worthAsking(outcome: ReadOutcome): boolean {
  if ('value' in outcome || outcome.shared) return false
  const { kind } = outcome.error
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid' || kind === 'declined'
}

/** Why there is no token: a refusal is final, while trouble on the way stays what it is and may pass. */
export function asTokenError(error: GraphError): GraphError {
  switch (error.kind) {
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'declined':
    case 'input':
    case 'malformed':
    case 'too-large':
      return new GraphError('token', `The customer's business token cannot be had. ${error.message}`, {
        ...error,
        transient: false,
        waitsFor: turnOf(error),
      })
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'aborted':
      return error
  }
}

/** Who has no token for us has not let the app in. What is wrong with our own token or our permissions, we put right. */
function turnOf({ kind, code, waitsFor }: GraphError): GraphError['waitsFor'] {
  const isOurs = kind === 'token' || code === 3 || code === 10
  return isOurs || !['permission', 'not-found', 'invalid', 'declined'].includes(kind) ? waitsFor : 'CUSTOMER'
}
