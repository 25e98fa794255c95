import { setTimeout as sleep } from 'node:timers/promises'
import { GraphError } from './error.ts'

/** One end for a whole call: connecting, headers, body, every try and the pauses between. */
export interface Deadline {
  readonly signal: AbortSignal
  elapsedMs(): number
  /** Settles as the work does, or fails when the time is over, whichever comes first. */
  race<T>(work: Promise<T>): Promise<T>
  pause(ms: number): Promise<void>
  /** Releases the timer and the caller's signal. */
  end(): void
}

export function startDeadline(ms: number, caller?: AbortSignal): Deadline {
  const started = performance.now()
  const { promise: over, reject } = Promise.withResolvers<never>()
  over.catch(() => undefined)
  const controller = new AbortController()
  const stop = (error: GraphError) => {
    controller.abort(error)
    reject(error)
  }
  const timer = setTimeout(() => stop(timedOut(ms)), ms)
  const leave = () => stop(callerLeft())
  caller?.addEventListener('abort', leave, { once: true })
  if (caller?.aborted) leave()
  return {
    signal: controller.signal,
    elapsedMs: () => performance.now() - started,
    race: (work) => Promise.race([work, over]),
    pause: (delay) => sleep(delay, undefined, { signal: controller.signal }).catch(() => over),
    end() {
      clearTimeout(timer)
      caller?.removeEventListener('abort', leave)
    },
  }
}

export function callerLeft(): GraphError {
  return new GraphError('aborted', 'The caller went away before Graph had answered.')
}

function timedOut(ms: number): GraphError {
  return new GraphError('timeout', `Graph gave no complete answer within ${ms} ms.`)
}
