import type { ReadOutcome } from './batch/read-all.ts'
import { GraphError } from './error.ts'

/** Whether another source may have the token: this one knows nothing of the customer, or does not tell us. */
export function worthAsking(outcome: ReadOutcome): boolean {
  if ('value' in outcome || outcome.shared) return false
  const { kind } = outcome.error
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid'
}

/** Why there is no token: a refusal is final, while trouble on the way stays what it is and may pass. */
export function asTokenError(error: GraphError): GraphError {
  switch (error.kind) {
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'input':
    case 'malformed':
    case 'too-large':
      return new GraphError('token', `The customer's business token cannot be had. ${error.message}`, {
        ...error,
        transient: false,
      })
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'aborted':
      return error
  }
}
