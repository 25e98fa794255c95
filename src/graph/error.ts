import type { HelpTopic } from '../errors/problem.ts'
import type { Turn } from './code-table.ts'
import type { GraphErrorKind } from './kinds.ts'
import type { Credential, Unsigned } from './request.ts'

export type { GraphErrorKind } from './kinds.ts'

export interface GraphErrorDetails {
  readonly code?: number | undefined
  readonly subcode?: number | undefined
  readonly fbtraceId?: string | undefined
  readonly userTitle?: string | undefined
  readonly userMessage?: string | undefined
  /** `error_data.details` */
  readonly details?: string | undefined
  readonly httpStatus?: number | undefined
  readonly retryAfterSeconds?: number | undefined
  /** Whether the same call may succeed later; by default decided by the kind. */
  readonly transient?: boolean | undefined
  readonly outcomeUnknown?: boolean | undefined
  readonly tokenKind?: TokenKind | undefined
  /** Whose turn it is; by default decided by the kind. */
  readonly waitsFor?: Turn | undefined
  readonly help?: HelpTopic | undefined
  readonly isDone?: boolean | undefined
  readonly isDefinite?: boolean | undefined
}

type TokenKind = (Credential | Unsigned)['kind']

/** Everything a call to Graph can fail with. Holds no token, no URL and no body. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly kind: GraphErrorKind
  readonly code: number | undefined
  readonly subcode: number | undefined
  /** Of an answer without Graph's own words, the client finds it in the headers. */
  fbtraceId: string | undefined
  readonly userTitle: string | undefined
  readonly userMessage: string | undefined
  readonly details: string | undefined
  readonly httpStatus: number | undefined
  /** Of a throttled call, the client knows better once it has seen the answer as a whole. */
  retryAfterSeconds: number | undefined
  readonly transient: boolean
  /** True for a write that may have happened although no definite answer came; set by the client. */
  outcomeUnknown: boolean
  /** Whose token the call carried; set by the client, undefined when nothing was sent. */
  tokenKind: TokenKind | undefined
  readonly waitsFor: Turn | undefined
  readonly help: HelpTopic | undefined
  /** What was asked for is so already. */
  readonly isDone: boolean
  /** Nothing was begun: a write has certainly not happened. */
  readonly isDefinite: boolean

  constructor(kind: GraphErrorKind, message: string, details: GraphErrorDetails = {}) {
    super(message)
    this.kind = kind
    this.code = details.code
    this.subcode = details.subcode
    this.fbtraceId = details.fbtraceId
    this.userTitle = details.userTitle
    this.userMessage = details.userMessage
    this.details = details.details
    this.httpStatus = details.httpStatus
    this.retryAfterSeconds = details.retryAfterSeconds
    this.transient = details.transient ?? isTransientKind(kind)
    this.outcomeUnknown = details.outcomeUnknown ?? false
    this.tokenKind = details.tokenKind
    this.waitsFor = details.waitsFor
    this.help = details.help
    this.isDone = details.isDone ?? false
    this.isDefinite = details.isDefinite ?? false
  }
}

/** The kind of an error whose code is in no table: what status and hint say. */
export function kindOfUnknown(httpStatus: number, isTransient: boolean): GraphErrorKind {
  const byStatus = kindOfStatus(httpStatus)
  return byStatus === 'invalid' && isTransient ? 'unavailable' : byStatus
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
    case 'declined':
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
