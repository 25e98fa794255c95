import { type ReadOutcome, requestAll } from './batch/read-batches.ts'
import { type BudgetReading, type AllowanceReading, Budgets } from './budget/budgets.ts'
import { callerLeft, startDeadline, type Deadline } from './deadline.ts'
import { prepareCall, type CallSettings, createProofMemo } from './prepare.ts'
import type { GraphRequest } from './endpoint.ts'
import type { GraphEvent, Observer, Upstream } from './upstream/upstream.ts'
import { readTraceId } from './answer.ts'
import { callWithRetries } from './upstream/send.ts'
import { LIMITS, type Limits, ConcurrencyLimiter, Retries } from './upstream/limits.ts'
import { createTransport } from './transport.ts'
import { Breakers, RefusedTokens } from './upstream/breakers.ts'
import { GraphError } from './error.ts'

export interface Exchanged<T> {
  readonly value: T
  /** Graph's own name of the call; null when it gave none. */
  readonly traceId: string | null
}

export type Timing = Pick<GraphRequest<unknown>, 'signal' | 'begun'>

export interface GraphClient {
  request<T>(request: GraphRequest<T>): Promise<T>
  exchange<T>(request: GraphRequest<T>): Promise<Exchanged<T>>
  /** Reads that leave together, answered in their order. A failure stays with its own read. */
  requestAll(requests: readonly GraphRequest<unknown>[], timing?: Timing): Promise<readonly ReadOutcome[]>
  /** What a call may take as a whole. */
  readonly deadlineMs: number
  /** How much of its allowances each app has used up. */
  budgets(): readonly BudgetReading[]
  /** What is left of the allowance of an app for one object, or of the app itself; null when nothing is known. */
  allowance(appId: string, objectId: string | null): AllowanceReading | null
  close(): Promise<void>
}

export interface GraphClientOptions extends UpstreamOptions {
  readonly baseUrl: string
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { origin, root } = parseAddress(options.baseUrl, options.version)
  const settings: CallSettings = { root, prove: createProofMemo() }
  const upstream = createUpstream(origin, options)
  let closing: Promise<void> | undefined

  async function within<T>(
    { signal, begun }: Timing,
    calls: number,
    work: (deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const deadline = startDeadline(upstream.deadlineMs, signal, begun)
    try {
      return await upstream.retries.during(calls, () => work(deadline))
    } finally {
      deadline.end()
    }
  }

  async function exchange<T>(request: GraphRequest<T>): Promise<Exchanged<T>> {
    const { begun, signal } = request
    if (signal?.aborted) throw callerLeft()
    const call = prepareCall(request, settings)
    const timing = { begun, signal: call.isRead ? signal : undefined }
    const { value, headers } = await within(timing, 1, (deadline) =>
      callWithRetries(upstream, call, deadline),
    )
    return { value, traceId: readTraceId(headers) }
  }

  return {
    request: async (request) => (await exchange(request)).value,
    exchange,
    requestAll: async (requests, timing = {}) =>
      within(timing, requests.length, (deadline) => requestAll(upstream, requests, settings, deadline)),
    deadlineMs: upstream.deadlineMs,
    budgets: () => upstream.budgets.readings(),
    allowance: (appId, objectId) =>
      objectId === null ? upstream.budgets.ofApp(appId) : upstream.budgets.ofObject(appId, objectId),
    close: () => (closing ??= upstream.transport.close()),
  }
}

/** Where time comes from; tests bring their own. */
interface Time {
  /** Milliseconds since 1970 that never go back. */
  now(): number
}

const systemTime: Time = { now: () => performance.timeOrigin + performance.now() }

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
    limiter: new ConcurrencyLimiter(limits),
    retries: new Retries(limits),
    version,
    deadlineMs,
    random,
    observe,
    count,
  }
}

/** Where Graph is: what a pool connects to, and what every path begins with. */
export interface Address {
  readonly origin: string
  readonly root: string
}

const VERSION = /^v[0-9]{1,3}\.[0-9]{1,2}$/

// A call without a version is served by the one set in the app's dashboard, hence never without:
// developers.facebook.com/docs/graph-api/guides/versioning
export function parseAddress(baseUrl: string, version: string): Address {
  const url = URL.parse(baseUrl)
  const plain = url !== null && !url.username && !url.password && !url.search && !url.hash
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new GraphError('input', 'The address of Graph is not a plain http or https URL.')
  }
  if (!VERSION.test(version)) throw new GraphError('input', 'The Graph version is not of the form v27.0.')
  return { origin: url.origin, root: `${url.pathname.replace(/\/+$/, '')}/${version}` }
}
