import type { Deadline } from '../deadline.ts'
import { GraphError, isOutcomeUnknown, asGraphError, type GraphErrorKind } from '../error.ts'
import type { PreparedCall } from '../prepare.ts'
import { readTraceId } from '../answer.ts'
import type { Progress, HeaderBag } from '../transport.ts'
import { type GraphEvent, type Answer, type Attempt, type Upstream, learnFrom } from './upstream.ts'
import { shouldRetry } from './limits.ts'

type Call = PreparedCall<unknown>

/** A call with its retries, all within one deadline. */
export async function callWithRetries<T>(
  upstream: Upstream,
  call: PreparedCall<T>,
  deadline: Deadline,
): Promise<Answer<T>> {
  return retryFrom(upstream, call, deadline, await attemptCall(upstream, call, deadline, 1), 1)
}

/** Goes on after a try until there is an answer, or no reason for another try. */
export async function retryFrom<T>(
  upstream: Upstream,
  call: PreparedCall<T>,
  deadline: Deadline,
  first: Attempt<T>,
  tries: number,
): Promise<Answer<T>> {
  let outcome = first
  for (let attempt = tries; 'error' in outcome; attempt++) {
    const { error } = outcome
    const delay = delayOf(upstream, call, deadline, attempt, error)
    const end = delay === null ? null : begin(upstream, call, error)
    if (delay === null || end === null) throw error
    try {
      await deadline.pause(delay)
      outcome = await attemptCall(upstream, call, deadline, attempt + 1)
    } catch (refusal) {
      throw stands(refusal) ? refusal : error
    } finally {
      end()
    }
  }
  return outcome
}

// When the next try may not even leave, the failure of the last one says more.
function stands(refusal: unknown): boolean {
  return !(refusal instanceof GraphError) || refusal.kind === 'aborted' || refusal.kind === 'timeout'
}

function delayOf(
  { deadlineMs, random, breakers }: Upstream,
  call: Call,
  deadline: Deadline,
  attempt: number,
  error: GraphError,
): number | null {
  if (breakers.isOpen(call)) return null
  const { isRead } = call
  return shouldRetry({ isRead, attempt, error, elapsedMs: deadline.elapsedMs(), deadlineMs, random })
}

function begin({ retries, count }: Upstream, { appId }: Call, error: GraphError) {
  const end = retries.begin(appId, error.kind)
  count(end === null ? 'retry-refused' : 'retry', appId)
  return end
}

/** One try. What keeps it from leaving is thrown; what comes back, or does not, is its outcome. */
export async function attemptCall<T>(
  upstream: Upstream,
  call: PreparedCall<T>,
  deadline: Deadline,
  attempt: number,
): Promise<Attempt<T>> {
  const leave = await admit(upstream, call, deadline)
  const progress: Progress = { sent: false, status: null, headers: {} }
  const begun = performance.now()
  const settled = (error?: GraphError) => {
    if (progress.sent) countSent(upstream, call)
    learnFrom(upstream, { call, attempt, progress, error, ms: performance.now() - begun, inBatch: false })
  }
  try {
    const reply = await upstream.transport.send(call.http, deadline, progress)
    const value = call.read(reply)
    settled()
    return { value, headers: reply.headers }
  } catch (failure) {
    const error = asGraphError(failure)
    error.outcomeUnknown = isOutcomeUnknown(call.isRead, progress.sent, error)
    noteAnswer(error, call, progress.headers)
    settled(error)
    return { error }
  } finally {
    leave()
  }
}

/** What the error alone does not know: whose token was sent, and Graph's name of the call where a page has come back. */
export function noteAnswer(error: GraphError, { credential }: Call, headers: HeaderBag): void {
  error.tokenKind = credential.kind
  error.fbtraceId ??= readTraceId(headers) ?? undefined
}

function countSent(upstream: Upstream, call: Call): void {
  const parts = call.parts.length > 0 ? call.parts : [call]
  for (const tally of new Set(parts.map((part) => part.tally))) if (tally) tally.requests += 1
  for (const part of parts) {
    if (part.tally) part.tally.units += 1
    upstream.budgets.count(part)
  }
}

/** Lets a call leave when breakers, budgets and the limit of concurrency agree; comes back with what frees its place. */
export async function admit(upstream: Upstream, call: Call, deadline: Deadline): Promise<() => void> {
  if (deadline.signal.aborted) throw deadline.signal.reason
  const pauseMs = mayLeave(upstream, call)
  if (pauseMs > 0) await deadline.pause(Math.min(pauseMs, deadline.leftMs() / 2))
  const leave = await enter(upstream, call, deadline)
  try {
    // While it waited, others may have learned more.
    mayLeave(upstream, call)
    if (!call.isRead && deadline.leftMs() < LAST_CHANCE * upstream.deadlineMs) throw tooLate()
    for (const one of [call, ...call.parts]) noteLeaving(upstream, one)
    return leave
  } catch (error) {
    leave()
    throw error
  }
}

// A write that had to wait is not sent when hardly any time remains: nobody would hear what became of it.
const LAST_CHANCE = 0.1

function tooLate(): GraphError {
  return new GraphError('timeout', 'The turn of this change came too late, and it was not sent.')
}

/** Fails when a call must not leave now; otherwise tells how long it is held back. */
export function mayLeave({ breakers, refusedTokens, budgets, count }: Upstream, call: Call): number {
  try {
    breakers.check(call)
    refusedTokens.check(call)
    return budgets.check(call)
  } catch (error) {
    if (error instanceof GraphError) count(EVENTS[error.kind] ?? 'breaker-open', call.appId)
    throw error
  }
}

const EVENTS: Partial<Record<GraphErrorKind, GraphEvent>> = {
  throttled: 'throttled',
  token: 'token-refused',
}

/** Whether the call would only try if things are well again. Of those that come together one is enough. */
export function isProbe({ breakers, refusedTokens }: Upstream, call: Call): boolean {
  return breakers.isOpen(call) || refusedTokens.isRefused(call)
}

function noteLeaving({ breakers, refusedTokens }: Upstream, call: Call): void {
  breakers.leave(call)
  refusedTokens.leave(call)
}

async function enter({ limiter, count }: Upstream, { slots, appId }: Call, deadline: Deadline) {
  try {
    return await limiter.enter(slots, deadline)
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'unavailable') count('overloaded', appId)
    throw error
  }
}
