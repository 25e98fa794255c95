import type { HelpTopic, Party } from '../errors/problem.ts'
import type { TokenKind } from './viewer.ts'

/** What a call to Graph can fail with, by what follows from it. */
export type GraphErrorKind =
  | 'throttled'
  | 'token'
  | 'permission'
  | 'not-found'
  | 'invalid'
  /** `{"success":false}`: not done, and no reason given. */
  | 'declined'
  | 'unavailable'
  | 'timeout'
  | 'network'
  | 'malformed'
  | 'too-large'
  | 'aborted'
  | 'input'

/** Whose turn it is. TOKEN: the turn of whoever owns the token that the call carried, the customer or us. */
export type WaitsFor = Party | 'TOKEN' | null

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
  readonly waitsFor?: WaitsFor | undefined
  readonly help?: HelpTopic | undefined
  readonly isDone?: boolean | undefined
  readonly isDefinite?: boolean | undefined
}

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
  readonly waitsFor: WaitsFor | undefined
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

/** What a call to Graph came to. */
export type GraphOutcome<T = unknown> = { readonly value: T } | { readonly error: GraphError }

/** Any other failure than Graph's is a mistake of ours, and is thrown. */
export async function outcomeOf<T>(call: Promise<T>): Promise<GraphOutcome<T>> {
  try {
    return { value: await call }
  } catch (error) {
    return { error: asGraphError(error) }
  }
}

/** Null when the answer is definite and no value. What another try may change is thrown, and what was never asked. */
export async function unlessRefused<T>(call: Promise<T>): Promise<T | null> {
  const outcome = await outcomeOf(call)
  if ('value' in outcome) return outcome.value
  const { error } = outcome
  if (error.transient || error.kind === 'aborted' || error.kind === 'input') throw error
  return null
}

export function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error
  throw error
}

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
