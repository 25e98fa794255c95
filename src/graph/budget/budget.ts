import type { UsageEntry } from '../usage.ts'
import { NO_CALLS, usedPercent, type Allowance } from './allowance.ts'
import type { Cooldown } from './cooldown.ts'

/** What is known of one budget: an app's, a token's, or an account's. */
export interface Budget {
  readonly stop: Cooldown | null
  /** The highest percentage that Graph's headers named. */
  readonly usage: { readonly percent: number; readonly at: number } | null
  readonly allowance: Allowance
}

export const NEW_BUDGET: Budget = { stop: null, usage: null, allowance: NO_CALLS }

/** Where a lane stands now. */
export interface BudgetStanding {
  readonly stop: Cooldown | null
  /** What Graph said, or what is certain. */
  readonly percent: number
  /** The same with the lower limit where Graph said nothing. */
  readonly guess: number
}

const HOUR = 60 * 60_000

export function standingOf(lane: Budget, now: number): BudgetStanding {
  const { stop } = endCooldown(lane, now)
  const said = saidPercent(lane, now)
  const { sure, guess } = usedPercent(lane.allowance, now)
  const percent = Math.max(said ?? 0, sure)
  return { stop, percent, guess: said === null ? Math.max(percent, guess) : percent }
}

// The hour rolls, so a percentage falls by 100 in an hour at the least pace; the next header corrects it.
export function saidPercent(lane: Budget, now: number): number | null {
  const { usage } = endCooldown(lane, now)
  if (usage === null || now - usage.at >= HOUR) return null
  return Math.max(0, usage.percent - (100 * (now - usage.at)) / HOUR)
}

/** A stop that is over goes, and with it what was said before its end. Answers from within a stop do not end it. */
export function endCooldown(lane: Budget, now: number): Budget {
  const { stop, usage } = lane
  if (stop === null || now < stop.until) return lane
  return { ...lane, stop: null, usage: usage !== null && usage.at > stop.until ? usage : null }
}

export function worst(standings: readonly BudgetStanding[]): BudgetStanding {
  return {
    stop: standings.reduce((last, { stop }) => later(last, stop), null as Cooldown | null),
    percent: Math.max(0, ...standings.map((standing) => standing.percent)),
    guess: Math.max(0, ...standings.map((standing) => standing.guess)),
  }
}

const later = (one: Cooldown | null, other: Cooldown | null): Cooldown | null =>
  (other?.until ?? 0) > (one?.until ?? 0) ? other : one

export function percentOf({ callCount, totalTime, totalCpuTime }: UsageEntry): number {
  return Math.max(callCount, totalTime, totalCpuTime)
}
