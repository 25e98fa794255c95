import { setTimeout as sleep } from 'node:timers/promises'
import { GraphError } from './error.ts'

/** One end for a whole call: connecting, headers, body, every try and the pauses between. */
export interface Deadline {
  readonly signal: AbortSignal
  elapsedMs(): number
  leftMs(): number
  /** Settles as the work does, or fails when the time is over, whichever comes first. */
  race<T>(work: Promise<T>): Promise<T>
  pause(ms: number): Promise<void>
  /** Releases the timer and the caller's signal. */
  end(): void
}

/** The time runs from `begun`: a call that is a part of something has no more than what its whole has left. */
export function startDeadline(ms: number, caller?: AbortSignal, begun = performance.now()): Deadline {
  const elapsedMs = () => performance.now() - begun
  const leftMs = () => Math.max(0, ms - elapsedMs())
  const { promise: over, reject } = Promise.withResolvers<never>()
  over.catch(() => undefined)
  const controller = new AbortController()
  const stop = (error: GraphError) => {
    controller.abort(error)
    reject(error)
  }
  const timer = setTimeout(() => stop(timedOut(ms)), leftMs())
  const leave = () => stop(callerLeft())
  caller?.addEventListener('abort', leave, { once: true })
  if (caller?.aborted) leave()
  else if (leftMs() === 0) stop(timedOut(ms))
  return {
    signal: controller.signal,
    elapsedMs,
    leftMs,
    race: (work) => Promise.race([work, over]),
    pause: (delay) => sleep(delay, undefined, { signal: controller.signal }).catch(() => over),
    end() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    },
  }
}

/** Work that others wait for too goes on; only this caller stops waiting. */
export async function raceSignal<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(callerLeft())
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  try {
    return await Promise.race([work, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

export function callerLeft(): GraphError {
  return new GraphError('aborted', 'The caller went away before Graph had answered.')
}

function timedOut(ms: number): GraphError {
  return new GraphError('timeout', `Graph gave no complete answer within ${ms} ms.`)
}
