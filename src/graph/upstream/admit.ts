import type { Deadline } from '../deadline.ts'
import { GraphError, type GraphErrorKind } from '../error.ts'
import type { PreparedCall } from '../prepare.ts'
import type { GraphEvent } from '../request.ts'
import type { Upstream } from './upstream.ts'

type Call = PreparedCall<unknown>

/** Lets a call leave when budgets, breaker and gate agree; comes back with what ends its stay. */
export async function admit(upstream: Upstream, call: Call, deadline: Deadline): Promise<() => void> {
  if (deadline.signal.aborted) throw deadline.signal.reason
  const pauseMs = mayLeave(upstream, call)
  if (pauseMs > 0) await deadline.pause(Math.min(pauseMs, deadline.leftMs() / 2))
  const leave = await counting(upstream, call, 'overloaded', () => upstream.gate.enter(call.slots, deadline))
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

async function counting<T>(
  { count }: Upstream,
  { appId }: Call,
  event: GraphEvent,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'unavailable') count(event, appId)
    throw error
  }
}
