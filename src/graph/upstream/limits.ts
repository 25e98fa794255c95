import type { Deadline } from '../deadline.ts'
import { GraphError, type GraphErrorKind } from '../error.ts'

/** How much the client lets itself do. Times are in milliseconds. */
export interface Limits {
  /** Requests under way for one object, and altogether. */
  readonly perObject: number
  readonly total: number
  /** Requests that wait for their turn; their deadline runs. */
  readonly waiting: number
  /** Retries under way: a share of all requests, and what is always allowed. */
  readonly retryShare: number
  readonly retryLeast: number
  /** Tokens of an app's retry bucket, and what is taken from it or given back. */
  readonly bucket: number
  readonly retryCost: number
  readonly timeoutCost: number
  /** The breaker looks at this many results, none older than this, and opens when this share of objects fails. */
  readonly breakerResults: number
  readonly breakerWindow: number
  readonly breakerShare: number
  readonly probeEvery: number
  /** An app's own token that was refused so often in a row is tried once in this time, for each kind of call. */
  readonly tokenRefusals: number
  readonly tokenProbeEvery: number
  /** The longest that a read is held back when an allowance runs low. */
  readonly slowest: number
}

// Retry share and floor are Envoy's retry budget, the bucket is the AWS SDKs', the probe's pace Hystrix' sleep window.
export const LIMITS: Limits = {
  perObject: 10,
  total: 100,
  waiting: 1000,
  retryShare: 0.2,
  retryLeast: 3,
  bucket: 500,
  retryCost: 5,
  timeoutCost: 10,
  breakerResults: 50,
  breakerWindow: 10_000,
  breakerShare: 0.8,
  probeEvery: 5000,
  tokenRefusals: 3,
  tokenProbeEvery: 30_000,
  slowest: 1000,
}

interface Waiter {
  readonly keys: readonly string[]
  enter(): void
}

/** Lets so many requests under way for each key, and altogether. The others wait, while their deadline runs. */
export class ConcurrencyLimiter {
  readonly #limits: Pick<Limits, 'perObject' | 'total' | 'waiting'>
  readonly #taken = new Map<string, number>()
  readonly #waiting = new Set<Waiter>()
  #total = 0

  constructor(limits: Pick<Limits, 'perObject' | 'total' | 'waiting'>) {
    this.#limits = limits
  }

  /** Comes back with the way out, to be called once. */
  async enter(keys: readonly string[], deadline: Deadline): Promise<() => void> {
    if (!this.#hasRoom(keys)) await this.#wait(keys, deadline)
    else this.#take(keys)
    return () => this.#leave(keys)
  }

  /** Whether a request for this key would have to wait. */
  isFull(key: string): boolean {
    return (this.#taken.get(key) ?? 0) >= this.#limits.perObject
  }

  async #wait(keys: readonly string[], deadline: Deadline): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) {
      throw new GraphError('unavailable', 'Too many calls to Graph are waiting for their turn.', {
        retryAfterSeconds: 1,
      })
    }
    const turn = Promise.withResolvers<void>()
    let entered = false
    const waiter: Waiter = {
      keys,
      enter: () => {
        entered = true
        turn.resolve()
      },
    }
    this.#waiting.add(waiter)
    try {
      await deadline.race(turn.promise)
    } catch (error) {
      // Its turn and its end may have come in the same moment.
      if (entered) this.#leave(keys)
      throw error
    } finally {
      this.#waiting.delete(waiter)
    }
  }

  #hasRoom(keys: readonly string[]): boolean {
    return this.#total < this.#limits.total && !keys.some((key) => this.isFull(key))
  }

  #take(keys: readonly string[]): void {
    this.#total += 1
    for (const key of keys) this.#taken.set(key, (this.#taken.get(key) ?? 0) + 1)
  }

  #leave(keys: readonly string[]): void {
    this.#total -= 1
    for (const key of keys) {
      const left = (this.#taken.get(key) ?? 1) - 1
      if (left > 0) this.#taken.set(key, left)
      else this.#taken.delete(key)
    }
    this.#admit()
  }

  #admit(): void {
    for (const waiter of this.#waiting) {
      if (this.#total >= this.#limits.total) return
      if (!this.#hasRoom(waiter.keys)) continue
      this.#waiting.delete(waiter)
      this.#take(waiter.keys)
      waiter.enter()
    }
  }
}

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
