import type { GraphError, GraphErrorKind } from '../error.ts'
import type { Limits } from '../limits.ts'

export interface RetryQuestion {
  readonly isRead: boolean
  /** The try that has just failed, from 1. */
  readonly attempt: number
  readonly error: GraphError
  readonly elapsedMs: number
  readonly deadlineMs: number
  /** Answers in [0, 1). */
  readonly random: () => number
}

const TRIES = 3
const BASE_MS = 100
const notAtOnce: ReadonlySet<GraphErrorKind> = new Set(['throttled', 'timeout', 'declined'])

/** How long to wait before the next try, or null when this failure is the answer. */
export function shouldRetry(question: RetryQuestion): number | null {
  const { isRead, attempt, error } = question
  // A write is never repeated. A throttled call only lengthens the block: docs/graph-api/overview/rate-limiting
  if (!isRead || attempt >= TRIES) return null
  if (!error.transient || notAtOnce.has(error.kind)) return null
  const jitter = question.random() * BASE_MS * 2 ** (attempt - 1)
  const delay = Math.max(jitter, (error.retryAfterSeconds ?? 0) * 1000)
  return question.elapsedMs + delay < question.deadlineMs ? delay : null
}

export interface RetryState {
  /** Requests under way, those that pause before a retry among them. */
  readonly active: number
  readonly retrying: number
  readonly tokens: number
}

/** Whether another try may begin: Envoy's budget and the AWS SDKs' bucket, both. */
export function mayRetry({ active, retrying, tokens }: RetryState, cost: number, limits: Limits): boolean {
  const most = Math.max(limits.retryLeast, Math.floor(active * limits.retryShare))
  return retrying < most && tokens >= cost
}

/** Counts what is under way, and keeps a bucket for each app. */
export class Retries {
  readonly #buckets = new Map<string, number>()
  readonly #limits: Limits
  #active = 0
  #retrying = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  async during<T>(calls: number, work: () => Promise<T>): Promise<T> {
    this.#active += calls
    try {
      return await work()
    } finally {
      this.#active -= calls
    }
  }

  /** The end of the retry, to be called; null when there must be none. */
  begin(appId: string, after: GraphErrorKind): (() => void) | null {
    const cost = this.#costOf(after)
    const tokens = this.#tokens(appId)
    if (!mayRetry({ active: this.#active, retrying: this.#retrying, tokens }, cost, this.#limits)) return null
    this.#buckets.set(appId, tokens - cost)
    this.#retrying += 1
    return () => (this.#retrying -= 1)
  }

  /** For what Graph itself left undone: it is paid for, but is no retry of ours. */
  pay(appId: string): boolean {
    const tokens = this.#tokens(appId) - this.#limits.timeoutCost
    if (tokens < 0) return false
    this.#buckets.set(appId, tokens)
    return true
  }

  /** An answer at the first try. */
  succeeded(appId: string): void {
    this.#buckets.set(appId, Math.min(this.#limits.bucket, this.#tokens(appId) + 1))
  }

  #costOf(kind: GraphErrorKind): number {
    return kind === 'timeout' ? this.#limits.timeoutCost : this.#limits.retryCost
  }

  #tokens(appId: string): number {
    return this.#buckets.get(appId) ?? this.#limits.bucket
  }
}
