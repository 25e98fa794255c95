import type { ZodType } from 'zod'
import type { GraphErrorKind } from './error.ts'
import type { GraphForm } from './payload.ts'
import type { Usage } from './usage.ts'

export type GraphMethod = 'GET' | 'POST' | 'DELETE'

/** One token of one app. The kind is part of an operation and is never replaced by a stronger one. */
export interface Credential {
  readonly appId: string
  readonly kind: 'system' | 'business' | 'user' | 'app'
  readonly token: string
  readonly appSecret: string
}

/** A call that proves itself by what it carries; the app is known for its budgets only. */
export interface Unsigned {
  readonly appId: string
  readonly kind: 'none'
}

/** One operation: what it has cost Graph so far, which the client adds up, and what its calls are by default. */
export interface Tally {
  /** HTTP requests that have left. */
  requests: number
  /** What Meta counts: each request, and each item of a batch. */
  units: number
  priority?: Priority
}

/**
 * Background work is the first to stop when an allowance runs low. What is read for a change (what it depends on, whether
 * it has happened, what came of it) stops with the writes, last.
 */
export type Priority = 'background' | 'foreground' | 'change'

export interface CallOptions {
  /** Ends a read. A write that has begun is finished, since stopping would only hide its outcome. */
  readonly signal?: AbortSignal | undefined
  readonly tally?: Tally | undefined
  readonly priority?: Priority | undefined
  /** `performance.now()` when what this is a part of began; the deadline counts from there. */
  readonly begun?: number | undefined
}

export interface GraphRequest<T> extends CallOptions {
  readonly method: GraphMethod
  /** Segments after the version: ids and edge names, nothing else. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON; only with POST. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  /** Sent as multipart/form-data; only with POST. */
  readonly form?: GraphForm | undefined
  readonly credential: Credential | Unsigned
  /** A POST that changes nothing. */
  readonly reads?: true | undefined
  /** A GET that uses up what it carries. */
  readonly once?: true | undefined
  readonly secrets?: readonly string[] | undefined
  readonly about?: { readonly waba?: string } | undefined
  readonly node?: string | undefined
  readonly expect: ZodType<T>
}

/** What one HTTP request, or one item of a batch, came to. Holds nothing secret, and no id. */
export interface GraphObservation {
  readonly method: GraphMethod
  /** `/{id}/partners` */
  readonly route: string
  /** Null when no answer came. */
  readonly status: number | null
  readonly ms: number
  readonly attempt: number
  /** True for an item, which was no HTTP request of its own. */
  readonly inBatch: boolean
  readonly errorKind?: GraphErrorKind
  readonly errorCode?: number
  readonly usage?: Usage
  /** The version that answered, when it is not the one that was asked. */
  readonly answeredBy?: string
}

/** What the client did of its own accord, for counters. */
export type GraphEvent =
  /** Not sent, since Graph asked to wait or an allowance is used up. */
  | 'throttled'
  /** Not sent, since this kind of call kept failing. */
  | 'breaker-open'
  | 'breaker-opened'
  /** Not sent, since too many were waiting. */
  | 'overloaded'
  /** Not sent, since Graph kept refusing the app's own token. */
  | 'token-refused'
  /** Said once, until Graph takes the token again. */
  | 'token-broken'
  | 'retry'
  | 'retry-refused'
  /** A token that Graph no longer takes was given up. */
  | 'token-dropped'
