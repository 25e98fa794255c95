import { Budgets } from '../budget/budgets.ts'
import { LIMITS, systemTime, type Limits, type Time } from '../limits.ts'
import type { Observer } from '../observe.ts'
import type { GraphEvent } from '../request.ts'
import { createTransport } from '../transport.ts'
import { Breakers } from './breakers.ts'
import { ConcurrencyLimiter } from './concurrency-limiter.ts'
import { RefusedTokens } from './refused-tokens.ts'
import { Retries } from './retries.ts'
import type { Upstream } from './upstream.ts'

export interface UpstreamOptions {
  readonly version: string
  /** For a call as a whole, with its retries. */
  readonly deadlineMs?: number
  /** Of an answer, inflated. */
  readonly maxBytes?: number
  readonly connections?: number
  readonly observe?: Observer
  readonly count?: (event: GraphEvent, appId: string) => void
  readonly random?: () => number
  readonly time?: Time
  readonly limits?: Partial<Limits>
}

export function createUpstream(origin: string, options: UpstreamOptions): Upstream {
  const { version, deadlineMs = 10_000, maxBytes = 4 * 1024 * 1024, connections = 100 } = options
  const { random = Math.random, time = systemTime, observe, count = () => undefined } = options
  const limits = { ...LIMITS, ...options.limits }
  const now = () => time.now()
  return {
    transport: createTransport({ origin, connections, connectTimeoutMs: deadlineMs, maxBytes }),
    budgets: new Budgets(now, limits.slowest),
    breakers: new Breakers(limits, now, (appId) => count('breaker-opened', appId)),
    refusedTokens: new RefusedTokens(limits, now, (appId) => count('token-broken', appId)),
    gate: new ConcurrencyLimiter(limits),
    retries: new Retries(limits),
    version,
    deadlineMs,
    random,
    observe,
    count,
  }
}
