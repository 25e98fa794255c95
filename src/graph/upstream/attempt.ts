import type { Deadline } from '../deadline.ts'
import type { GraphError } from '../error.ts'
import { isOutcomeUnknown } from '../outcome.ts'
import { asGraphError } from '../outcome-of.ts'
import type { PreparedCall } from '../prepare.ts'
import { readTraceId } from '../trace-id.ts'
import type { Progress } from '../transport.ts'
import type { HeaderBag } from '../usage.ts'
import { admit } from './admit.ts'
import { learnFrom, type Attempt, type Upstream } from './upstream.ts'

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
export function noteAnswer(
  error: GraphError,
  { credential }: PreparedCall<unknown>,
  headers: HeaderBag,
): void {
  error.tokenKind = credential.kind
  error.fbtraceId ??= readTraceId(headers) ?? undefined
}

function countSent(upstream: Upstream, call: PreparedCall<unknown>): void {
  const parts = call.parts.length > 0 ? call.parts : [call]
  for (const tally of new Set(parts.map((part) => part.tally))) if (tally) tally.requests += 1
  for (const part of parts) {
    if (part.tally) part.tally.units += 1
    upstream.budgets.count(part)
  }
}
