import type { Budgets } from '../budget/budgets.ts'
import type { GraphError } from '../error.ts'
import { observe, type Observer, type Settled } from '../observe.ts'
import type { GraphEvent } from '../request.ts'
import type { Transport } from '../transport.ts'
import { parseUsage, type HeaderBag } from '../usage.ts'
import type { Breakers } from './breakers.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import type { RefusedTokens } from './refused-tokens.ts'
import type { Retries } from './retries.ts'

/** Everything that a call passes on its way to Graph. */
export interface Upstream {
  readonly transport: Transport
  readonly budgets: Budgets
  readonly breakers: Breakers
  readonly refusedTokens: RefusedTokens
  readonly gate: ConcurrencyLimiter
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
