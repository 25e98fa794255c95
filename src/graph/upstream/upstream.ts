import type { Budgets } from '../budget/budgets.ts'
import type { GraphError } from '../error.ts'
import { observe, type Observer } from '../observe.ts'
import type { PreparedCall } from '../prepare.ts'
import type { GraphEvent } from '../request.ts'
import type { Progress, Transport } from '../transport.ts'
import type { HeaderBag } from '../usage.ts'
import type { Breakers } from './breakers.ts'
import type { Gate } from './gate.ts'
import type { Retries } from './retries.ts'

/** Everything that a call passes on its way to Graph. */
export interface Upstream {
  readonly transport: Transport
  readonly budgets: Budgets
  readonly breakers: Breakers
  readonly gate: Gate
  readonly retries: Retries
  readonly version: string
  readonly deadlineMs: number
  readonly random: () => number
  readonly observe: Observer | undefined
  readonly count: (event: GraphEvent, appId: string) => void
  /** HTTP requests that have left. */
  requests: number
}

export interface Answer<T> {
  readonly value: T
  readonly headers: HeaderBag
}

export type Attempt<T> = Answer<T> | { readonly error: GraphError }

export interface Settled {
  readonly call: PreparedCall<unknown>
  readonly attempt: number
  readonly progress: Pick<Progress, 'status' | 'headers'>
  readonly error: GraphError | undefined
  readonly ms: number
  readonly inBatch: boolean
}

/** What everybody learns from a call that has come to its end. */
export function settle(upstream: Upstream, settled: Settled): void {
  const { call, attempt, progress, error } = settled
  upstream.budgets.note(call, progress.headers, error)
  upstream.breakers.take(call, error)
  if (error === undefined && attempt === 1 && !settled.inBatch) upstream.retries.succeeded(call.appId)
  observe(upstream.observe, { ...settled, version: upstream.version })
}
