import { kindOfCode, type GraphErrorKind } from './codes.ts'

export type { GraphErrorKind } from './codes.ts'

export interface GraphErrorDetails {
  readonly code?: number | undefined
  readonly subcode?: number | undefined
  readonly fbtraceId?: string | undefined
  readonly userTitle?: string | undefined
  readonly userMessage?: string | undefined
  readonly httpStatus?: number | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Whether the same call may succeed later; by default decided by the kind. */
  readonly transient?: boolean | undefined
  readonly outcomeUnknown?: boolean | undefined
}

/** Everything a call to Graph can fail with. Holds no token, no URL and no body. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly kind: GraphErrorKind
  readonly code: number | undefined
  readonly subcode: number | undefined
  readonly fbtraceId: string | undefined
  readonly userTitle: string | undefined
  readonly userMessage: string | undefined
  readonly httpStatus: number | undefined
  /** Of a throttled call, the client knows better once it has seen the answer as a whole. */
  retryAfterSeconds: number | undefined
  readonly transient: boolean
  /** True for a write that may have happened although no definite answer came; set by the client. */
  outcomeUnknown: boolean

  constructor(kind: GraphErrorKind, message: string, details: GraphErrorDetails = {}) {
    super(message)
    this.kind = kind
    this.code = details.code
    this.subcode = details.subcode
    this.fbtraceId = details.fbtraceId
    this.userTitle = details.userTitle
    this.userMessage = details.userMessage
    this.httpStatus = details.httpStatus
    this.retryAfterSeconds = details.retryAfterSeconds
    this.transient = details.transient ?? isTransientKind(kind)
    this.outcomeUnknown = details.outcomeUnknown ?? false
  }
}

/** The error code decides; status and `is_transient` speak only for codes that are not in the table. */
export function classify(
  code: number | undefined,
  subcode: number | undefined,
  httpStatus: number | undefined,
  isTransient: boolean | undefined,
): GraphErrorKind {
  const known = code === undefined ? undefined : kindOfCode(code, subcode)
  if (known !== undefined) return known
  const byStatus = kindOfStatus(httpStatus ?? 0)
  return byStatus === 'invalid' && isTransient === true ? 'unavailable' : byStatus
}

function kindOfStatus(status: number): GraphErrorKind {
  if (status >= 500) return 'unavailable'
  if (status === 429) return 'throttled'
  if (status === 401) return 'token'
  if (status === 403) return 'permission'
  return status === 404 ? 'not-found' : 'invalid'
}

function isTransientKind(kind: GraphErrorKind): boolean {
  switch (kind) {
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'malformed':
      return true
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'too-large':
    case 'aborted':
    case 'input':
      return false
  }
}
