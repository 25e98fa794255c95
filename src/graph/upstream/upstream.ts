import type { Budgets } from '../budget/budgets.ts'
import type { GraphError, GraphErrorKind } from '../error.ts'
import type { Transport, Progress, HeaderBag } from '../transport.ts'
import { parseUsage, type Usage } from '../budget/usage.ts'
import type { PreparedCall } from '../prepare.ts'
import type { GraphMethod } from '../endpoint.ts'
import type { Breakers, RefusedTokens } from './breakers.ts'
import type { ConcurrencyLimiter, Retries } from './limits.ts'

/** Everything that a call passes on its way to Graph. */
export interface Upstream {
  readonly transport: Transport
  readonly budgets: Budgets
  readonly breakers: Breakers
  readonly refusedTokens: RefusedTokens
  readonly limiter: ConcurrencyLimiter
  readonly retries: Retries
  readonly version: string
  readonly deadlineMs: number
  readonly random: () => number
  readonly observe: Observer | undefined
  readonly count: (event: GraphEvent, appId: string) => void
}

export interface Answer<T> {
  readonly value: T
  readonly headers: HeaderBag
}

export type Attempt<T> = Answer<T> | { readonly error: GraphError }

/** What everybody learns from a call that has come to its end. */
export function learnFrom(upstream: Upstream, settled: Settled): void {
  const { call, attempt, progress, error } = settled
  const usage = parseUsage(progress.headers)
  upstream.budgets.note(call, usage.entries, error)
  upstream.breakers.take(call, error)
  if (!settled.tokenWorks) upstream.refusedTokens.take(call, error)
  if (error === undefined && attempt === 1 && !settled.inBatch) upstream.retries.succeeded(call.appId)
  observe(upstream, settled, usage)
}

export type Observer = (observation: GraphObservation) => void

/** What a call has come to at one try. */
export interface Settled {
  readonly call: PreparedCall<unknown>
  readonly attempt: number
  readonly progress: Pick<Progress, 'status' | 'headers'>
  readonly error: GraphError | undefined
  readonly ms: number
  readonly inBatch: boolean
  /** The token was refused for this call and taken for others that left with it. */
  readonly tokenWorks?: boolean
}

interface Watched {
  readonly observe: Observer | undefined
  readonly version: string
}

export function observe({ observe: observer, version }: Watched, settled: Settled, usage: Usage): void {
  try {
    observer?.(describe(settled, usage, version))
  } catch {
    // Whoever watches must not change what happened to the call.
  }
}

function describe(
  { call, attempt, progress, error, ms, inBatch }: Settled,
  usage: Usage,
  version: string,
): GraphObservation {
  const answeredBy = otherVersion(progress.headers, version)
  return {
    method: call.http.method,
    route: call.route,
    status: progress.status,
    ms,
    attempt,
    inBatch,
    ...(error === undefined ? {} : { errorKind: error.kind }),
    ...(error?.code === undefined ? {} : { errorCode: error.code }),
    ...(usage.entries.length === 0 ? {} : { usage }),
    ...(answeredBy === null ? {} : { answeredBy }),
  }
}

// Meta's OpenAPI file declares this header. What Graph does with an ended version, no page says for certain.
function otherVersion(headers: HeaderBag, version: string): string | null {
  const header = [headers['facebook-api-version'] ?? []].flat()[0]
  if (header === undefined || header === version) return null
  return /^v[0-9.]{1,10}$/.test(header) ? header : 'unreadable'
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
  /** A token in the vault cannot be read: its key is gone. It is like none. */
  | 'token-unreadable'
