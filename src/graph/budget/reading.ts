import { callsOf, emptyAt, limitOf } from './allowance.ts'
import { endCooldown, saidPercent, type Budget } from './budget.ts'

/** What is left of one allowance, for those who call. Times are in milliseconds since 1970. */
export interface AllowanceReading {
  /** How much is used up; Graph refuses at 100. Null when Graph has not said and the limit is not known. */
  readonly percent: number | null
  /** Ours in the last 60 minutes, of those that Meta counts for an account. */
  readonly calls: number
  /** How many more there may be within the hour; null when the limit is not known. */
  readonly callsLeft: number | null
  /** Until when Graph has asked to wait; null when it has not. */
  readonly stoppedUntil: number | null
  /** When nothing of it will be used up, if nothing more is called; null when nothing is. */
  readonly freeAt: number | null
}

const HOUR = 60 * 60_000

/** Null when nothing is known of it. */
export function readingOf(lane: Budget, now: number): AllowanceReading | null {
  const { stop, allowance } = endCooldown(lane, now)
  const [said, calls] = [saidPercent(lane, now), callsOf(allowance, now)]
  if (stop === null && said === null && calls === 0) return null
  const limit = limitOf(allowance, now)
  const percents = [stop && 100, said, limit && (100 * calls) / limit]
  const ends = [stop && stop.until, said && now + (said / 100) * HOUR, emptyAt(allowance, now)]
  return {
    percent: highest(percents),
    calls,
    callsLeft: limit && Math.max(0, limit - calls),
    stoppedUntil: stop && stop.until,
    freeAt: highest(ends.map((end) => end || null)),
  }
}

/** The tightest of several that one call uses up. */
export function tightest(readings: readonly (AllowanceReading | null)[]): AllowanceReading | null {
  const known = readings.filter((reading) => reading !== null)
  return known.toSorted((a, b) => (b.percent ?? 0) - (a.percent ?? 0))[0] ?? null
}

function highest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? Math.max(...known) : null
}
