import { parseAddress } from './address.ts'
import { readAnswer } from './answer.ts'
import { startDeadline, type Deadline } from './deadline.ts'
import { GraphError } from './error.ts'
import { observe, type Observer } from './observe.ts'
import { isOutcomeUnknown } from './outcome.ts'
import { prepareCall, type PreparedCall } from './prepare.ts'
import { createProofMemo } from './proof.ts'
import type { GraphRequest } from './request.ts'
import { shouldRetry } from './retry.ts'
import { createTransport, type Progress } from './transport.ts'

export type { Credential, GraphMethod, GraphObservation, GraphRequest } from './request.ts'

export interface GraphClient {
  request<T>(request: GraphRequest<T>): Promise<T>
  /** How many HTTP requests have left. */
  stats(): { readonly requests: number }
  close(): Promise<void>
}

export interface GraphClientOptions {
  readonly baseUrl: string
  readonly version: string
  /** For a call as a whole, with its retries. */
  readonly deadlineMs?: number
  /** Of an answer, inflated. */
  readonly maxBytes?: number
  readonly connections?: number
  readonly observe?: Observer
  readonly random?: () => number
}

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { version, deadlineMs = 10_000, maxBytes = 4 * 1024 * 1024, connections = 100 } = options
  const { origin, root } = parseAddress(options.baseUrl, version)
  const transport = createTransport({ origin, connections, connectTimeoutMs: deadlineMs, maxBytes })
  const prove = createProofMemo()
  let requests = 0
  let closing: Promise<void> | undefined

  async function request<T>(wanted: GraphRequest<T>): Promise<T> {
    const call = prepareCall(wanted, { root, prove })
    const deadline = startDeadline(deadlineMs, call.signal)
    try {
      return await repeat(call, deadline)
    } finally {
      deadline.end()
    }
  }

  async function repeat<T>(call: PreparedCall<T>, deadline: Deadline): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(call, deadline, attempt)
      } catch (error) {
        const delay = error instanceof GraphError ? nextDelay(call, deadline, attempt, error) : null
        if (delay === null) throw error
        await deadline.pause(delay)
      }
    }
  }

  function nextDelay(call: PreparedCall<unknown>, deadline: Deadline, attempt: number, error: GraphError) {
    const { random = Math.random } = options
    const elapsedMs = deadline.elapsedMs()
    return shouldRetry({ method: call.http.method, attempt, error, elapsedMs, deadlineMs, random })
  }

  async function once<T>(call: PreparedCall<T>, deadline: Deadline, attempt: number): Promise<T> {
    const progress: Progress = { sent: false, status: null, headers: {} }
    const begun = performance.now()
    const report = (error?: GraphError) =>
      observe(options.observe, { call, attempt, version, progress, error, ms: performance.now() - begun })
    try {
      const reply = await transport.send(call.http, deadline, progress)
      const value = readAnswer(reply, call.expect, call.secrets)
      report()
      return value
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      error.outcomeUnknown = isOutcomeUnknown(call.http.method, progress.sent, error)
      report(error)
      throw error
    } finally {
      if (progress.sent) requests += 1
    }
  }

  return { request, stats: () => ({ requests }), close: () => (closing ??= transport.close()) }
}
