import type { GraphError } from './error.ts'
import type { GraphMethod } from './request.ts'

/** Whether a failed write may have happened all the same: only a definite word of Graph says that it has not. */
export function isOutcomeUnknown(method: GraphMethod, sent: boolean, error: GraphError): boolean {
  if (method === 'GET' || !sent) return false
  switch (error.kind) {
    case 'timeout':
    case 'network':
    case 'malformed':
    case 'too-large':
    case 'aborted':
    case 'unavailable':
      return true
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
      return error.code === undefined
    case 'throttled':
    case 'input':
      return false
  }
}
