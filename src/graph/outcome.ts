import type { GraphError } from './error.ts'

/** Whether a failed write may have happened all the same: only a definite word of Graph says that it has not. */
export function isOutcomeUnknown(isRead: boolean, sent: boolean, error: GraphError): boolean {
  if (isRead || !sent || error.isDefinite) return false
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
    case 'declined':
    case 'input':
      return false
  }
}
