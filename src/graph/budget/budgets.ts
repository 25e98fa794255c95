import { GraphError } from '../error.ts'
import { Lru } from '../../lib/lru.ts'
import {
  type UsageEntry,
  kindBudgets,
  budgetsOf,
  objectBudget,
  type Budgeted,
  percentsIn,
  cooldownsAfter,
  type BudgetToCool,
} from './usage.ts'
import {
  countCall,
  learn,
  callsOf,
  emptyAt,
  limitOf,
  endCooldown,
  NEW_BUDGET,
  standingOf,
  worst,
  type Budget,
  type BudgetStanding,
  secondsLeft,
  cooldownAfter,
  mayLeaveNow,
  saidPercent,
} from './budget.ts'

export interface BudgetReading {
  readonly appId: string
  /** The highest of the app's budgets. */
  readonly percent: number
}

/** The allowances of apps, tokens and objects, as far as Graph and our own counting tell. */
export class Budgets {
  readonly #budgets = new BudgetStore()
  readonly #now: () => number
  readonly #slowestMs: number

  constructor(now: () => number, slowestMs: number) {
    this.#now = now
    this.#slowestMs = slowestMs
  }

  /** How long the call is to be held back; fails when it must not leave at all. */
  check(call: Budgeted): number {
    const now = this.#now()
    const verdict = mayLeaveNow(this.#standing(call), { ...call, now, slowestMs: this.#slowestMs })
    if (verdict.go) return verdict.waitMs
    const message =
      verdict.said?.message ??
      'The allowance of Graph is nearly used up; the rest is kept for what matters more.'
    throw new GraphError('throttled', message, { ...verdict.said, retryAfterSeconds: verdict.seconds })
  }

  /** Counts a call that leaves. */
  count(call: Budgeted): void {
    if (call.object === null) return
    const now = this.#now()
    this.#change(objectBudget(call, call.object), (budget) => ({
      ...budget,
      allowance: countCall(budget.allowance, now, call.metering),
    }))
  }

  /** Takes in what the headers of an answer say, and its error. An error that begins a cooldown gets to know how long that is. */
  note(call: Budgeted, entries: readonly UsageEntry[], error: GraphError | undefined): void {
    const at = this.#now()
    for (const [key, percent] of percentsIn(call, entries)) {
      this.#change(key, (budget) => ({ ...budget, usage: { percent, at } }))
    }
    if (error === undefined) return this.#relax(call)
    const cooling = cooldownsAfter(call, entries, error)
    for (const one of cooling) this.#coolDown(one, error, at)
    const { cooldown } = this.#standing(call)
    if (cooling.length > 0 && cooldown) error.retryAfterSeconds = secondsLeft(cooldown, at)
  }

  readings(): readonly BudgetReading[] {
    const now = this.#now()
    const byApp = new Map<string, number>()
    for (const [key, budget] of this.#budgets.entries()) {
      const appId = key.slice(0, key.indexOf(' '))
      const { percent, cooldown } = standingOf(budget, now)
      byApp.set(appId, Math.max(byApp.get(appId) ?? 0, cooldown ? 100 : percent))
    }
    return [...byApp].map(([appId, percent]) => ({ appId, percent }))
  }

  /** What is left of the allowance of an account or another object; null when nothing is known of it. */
  ofObject(appId: string, objectId: string): AllowanceReading | null {
    return readingOf(this.#budgets.get(objectBudget({ appId }, objectId)), this.#now())
  }

  /** The same of the app itself: the fullest of those that its kinds of tokens have. */
  ofApp(appId: string): AllowanceReading | null {
    const now = this.#now()
    return tightest(kindBudgets(appId).map((key) => readingOf(this.#budgets.get(key), now)))
  }

  #standing(call: Budgeted): BudgetStanding {
    const now = this.#now()
    return worst(budgetsOf(call).map((key) => standingOf(this.#budgets.get(key), now)))
  }

  #coolDown({ budget: key, seconds }: BudgetToCool, error: GraphError, now: number): void {
    this.#change(key, (budget) => ({
      ...budget,
      cooldown: cooldownAfter(budget.cooldown, error, now, seconds),
      allowance: learn(budget.allowance, now, true),
    }))
  }

  #relax(call: Budgeted): void {
    const now = this.#now()
    for (const key of budgetsOf(call)) {
      const budget = this.#budgets.get(key)
      if (budget === NEW_BUDGET) continue
      this.#budgets.set(key, { ...endCooldown(budget, now), allowance: learn(budget.allowance, now, false) })
    }
  }

  #change(key: string, change: (budget: Budget) => Budget): void {
    this.#budgets.set(key, change(this.#budgets.get(key)))
  }
}

const MOST = 10_000

/** What is known of each budget. Those that cool down have a map of their own: no others push them out of it. */
class BudgetStore {
  readonly #going = new Lru<Budget>({ entries: MOST })
  readonly #cooling = new Lru<Budget>({ entries: MOST })

  get(key: string): Budget {
    return this.#cooling.get(key) ?? this.#going.get(key) ?? NEW_BUDGET
  }

  set(key: string, budget: Budget): void {
    if (budget.cooldown === null) this.#cooling.delete(key)
    else this.#going.delete(key)
    const map = budget.cooldown === null ? this.#going : this.#cooling
    map.set(key, budget)
  }

  *entries(): Iterable<readonly [string, Budget]> {
    yield* this.#cooling.entries()
    yield* this.#going.entries()
  }
}

/** What is left of one allowance, for those who call. Times are in milliseconds since 1970. */
export interface AllowanceReading {
  /** How much is used up; Graph refuses at 100. Null when Graph has not said and the limit is not known. */
  readonly percent: number | null
  /** How many calls we have made in the last 60 minutes that Meta counts for an account. */
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
export function readingOf(budget: Budget, now: number): AllowanceReading | null {
  const { cooldown, allowance } = endCooldown(budget, now)
  const [said, calls] = [saidPercent(budget, now), callsOf(allowance, now)]
  if (cooldown === null && said === null && calls === 0) return null
  const limit = limitOf(allowance, now)
  const percents = [cooldown && 100, said, limit && (100 * calls) / limit]
  const ends = [cooldown && cooldown.until, said && now + (said / 100) * HOUR, emptyAt(allowance, now)]
  return {
    percent: highest(percents),
    calls,
    callsLeft: limit && Math.max(0, limit - calls),
    stoppedUntil: cooldown && cooldown.until,
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
