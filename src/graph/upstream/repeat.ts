import type { Deadline } from '../deadline.ts'
import { GraphError } from '../error.ts'
import type { PreparedCall } from '../prepare.ts'
import { shouldRetry } from '../retry.ts'
import { attemptCall } from './attempt.ts'
import type { Answer, Attempt, Upstream } from './upstream.ts'

/** A call with its retries, all within one deadline. */
export async function repeatCall<T>(
  upstream: Upstream,
  call: PreparedCall<T>,
  deadline: Deadline,
): Promise<Answer<T>> {
  return goOn(upstream, call, deadline, await attemptCall(upstream, call, deadline, 1), 1)
}

/** Goes on after a try until there is an answer, or no reason for another try. */
export async function goOn<T>(
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
  call: PreparedCall<unknown>,
  deadline: Deadline,
  attempt: number,
  error: GraphError,
): number | null {
  if (breakers.isOpen(call)) return null
  const { isRead } = call
  return shouldRetry({ isRead, attempt, error, elapsedMs: deadline.elapsedMs(), deadlineMs, random })
}

function begin({ retries, count }: Upstream, { appId }: PreparedCall<unknown>, error: GraphError) {
  const end = retries.begin(appId, error.kind)
  count(end === null ? 'retry-refused' : 'retry', appId)
  return end
}
