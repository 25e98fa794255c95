import { parseAddress } from './address.ts'
import type { ReadOutcome } from './batch/read-all.ts'
import { requestAll } from './batch/request-all.ts'
import type { BudgetReading } from './budget/budgets.ts'
import type { AllowanceReading } from './budget/reading.ts'
import { callerLeft, startDeadline, type Deadline } from './deadline.ts'
import { prepareCall, type CallSettings } from './prepare.ts'
import { createProofMemo } from './proof.ts'
import type { GraphRequest } from './request.ts'
import { readTraceId } from './trace-id.ts'
import { createUpstream, type UpstreamOptions } from './upstream/create.ts'
import { repeatCall } from './upstream/repeat.ts'

export type { Credential, GraphMethod, GraphObservation, GraphRequest } from './request.ts'

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
    const { value, headers } = await within(timing, 1, (deadline) => repeatCall(upstream, call, deadline))
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
