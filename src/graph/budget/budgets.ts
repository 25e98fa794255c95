import { GraphError } from '../error.ts'
import { Lru } from '../../lib/lru.ts'
import {
  type UsageEntry,
  kindBudgets,
  budgetsOf,
  objectBudget,
  type Budgeted,
  percentsIn,
  restsAfter,
  type Rest,
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
  readonly #lanes = new BudgetStore()
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
    this.#change(objectBudget(call, call.object), (lane) => ({
      ...lane,
      allowance: countCall(lane.allowance, now, call.metering),
    }))
  }

  /** Takes in what the headers of an answer say, and its error or that of its lack. An error that stops the call's like gets to know for how long. */
  note(call: Budgeted, entries: readonly UsageEntry[], error: GraphError | undefined): void {
    const at = this.#now()
    for (const [key, percent] of percentsIn(call, entries)) {
      this.#change(key, (lane) => ({ ...lane, usage: { percent, at } }))
    }
    if (error === undefined) return this.#relax(call)
    const rests = restsAfter(call, entries, error)
    for (const rest of rests) this.#stop(rest, error, at)
    const { stop } = this.#standing(call)
    if (rests.length > 0 && stop) error.retryAfterSeconds = secondsLeft(stop, at)
  }

  readings(): readonly BudgetReading[] {
    const now = this.#now()
    const byApp = new Map<string, number>()
    for (const [key, lane] of this.#lanes.entries()) {
      const appId = key.slice(0, key.indexOf(' '))
      const { percent, stop } = standingOf(lane, now)
      byApp.set(appId, Math.max(byApp.get(appId) ?? 0, stop ? 100 : percent))
    }
    return [...byApp].map(([appId, percent]) => ({ appId, percent }))
  }

  /** What is left of the allowance of an account or another object; null when nothing is known of it. */
  ofObject(appId: string, objectId: string): AllowanceReading | null {
    return readingOf(this.#lanes.get(objectBudget({ appId }, objectId)), this.#now())
  }

  /** The same of the app itself: the fullest of those that its kinds of tokens have. */
  ofApp(appId: string): AllowanceReading | null {
    const now = this.#now()
    return tightest(kindBudgets(appId).map((key) => readingOf(this.#lanes.get(key), now)))
  }

  #standing(call: Budgeted): BudgetStanding {
    const now = this.#now()
    return worst(budgetsOf(call).map((key) => standingOf(this.#lanes.get(key), now)))
  }

  #stop({ lane: key, seconds }: Rest, error: GraphError, now: number): void {
    this.#change(key, (lane) => ({
      ...lane,
      stop: cooldownAfter(lane.stop, error, now, seconds),
      allowance: learn(lane.allowance, now, true),
    }))
  }

  #relax(call: Budgeted): void {
    const now = this.#now()
    for (const key of budgetsOf(call)) {
      const lane = this.#lanes.get(key)
      if (lane === NEW_BUDGET) continue
      this.#lanes.set(key, { ...endCooldown(lane, now), allowance: learn(lane.allowance, now, false) })
    }
  }

  #change(key: string, change: (lane: Budget) => Budget): void {
    this.#lanes.set(key, change(this.#lanes.get(key)))
  }
}

const MOST = 10_000

/** What is known of each budget. Those that Graph has stopped have a place of their own: no others push them out. */
export class BudgetStore {
  readonly #going = new Lru<Budget>({ entries: MOST })
  readonly #stopped = new Lru<Budget>({ entries: MOST })

  get(key: string): Budget {
    return this.#stopped.get(key) ?? this.#going.get(key) ?? NEW_BUDGET
  }

  set(key: string, lane: Budget): void {
    if (lane.stop === null) this.#stopped.delete(key)
    else this.#going.delete(key)
    const place = lane.stop === null ? this.#going : this.#stopped
    place.set(key, lane)
  }

  *entries(): Iterable<readonly [string, Budget]> {
    yield* this.#stopped.entries()
    yield* this.#going.entries()
  }
}

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
