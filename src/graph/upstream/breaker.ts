import type { Limits } from '../limits.ts'

/** One result of a kind of call. */
export interface Result {
  readonly object: string
  readonly failed: boolean
  readonly at: number
}

export interface Breaker {
  /** The last results, oldest first. */
  readonly recent: readonly Result[]
  /** When the next probe may leave; null while closed. */
  readonly probeAt: number | null
}

export interface Settings extends Pick<
  Limits,
  'breakerResults' | 'breakerWindow' | 'breakerShare' | 'probeEvery'
> {
  /** How many objects must have been asked for before it may open. */
  readonly leastObjects: number
}

export const CLOSED: Breaker = { recent: [], probeAt: null }

/** Milliseconds until a call may try; 0 = now. */
export function waitOf({ probeAt }: Breaker, now: number): number {
  return probeAt === null ? 0 : Math.max(0, probeAt - now)
}

/** A call leaves: while open it is the probe, and the next one has to wait. */
export function leave(breaker: Breaker, now: number, { probeEvery }: Pick<Settings, 'probeEvery'>): Breaker {
  return breaker.probeAt === null ? breaker : { ...breaker, probeAt: now + probeEvery }
}

/** Any answer closes, enough failures open. */
export function take(breaker: Breaker, result: Result, settings: Settings): Breaker {
  if (breaker.probeAt !== null) return result.failed ? breaker : CLOSED
  const kept = breaker.recent.slice(-(settings.breakerResults - 1))
  const recent = [...kept, result].filter(({ at }) => result.at - at < settings.breakerWindow)
  const open = result.failed && recent.length >= settings.breakerResults && isFailing(recent, settings)
  return { recent, probeAt: open ? result.at + settings.probeEvery : null }
}

/** Each object counts once, by its last result, so that one account that hangs does not stop the others. */
function isFailing(recent: readonly Result[], { leastObjects, breakerShare }: Settings): boolean {
  const last = new Map(recent.map(({ object, failed }) => [object, failed]))
  const failing = [...last.values()].filter(Boolean).length
  return last.size >= leastObjects && failing / last.size >= breakerShare
}
