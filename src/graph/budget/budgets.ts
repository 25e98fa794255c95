import { GraphError } from '../error.ts'
import type { UsageEntry } from '../usage.ts'
import { countCall, learn } from './allowance.ts'
import { kindBudgets, budgetsOf, objectBudget, type Budgeted } from './keys.ts'
import { endCooldown, NEW_BUDGET, standingOf, worst, type Budget, type BudgetStanding } from './budget.ts'
import { BudgetStore } from './store.ts'
import { readingOf, tightest, type AllowanceReading } from './reading.ts'
import { percentsIn, restsAfter, type Rest } from './said.ts'
import { secondsLeft, cooldownAfter } from './cooldown.ts'
import { mayLeaveNow } from './verdict.ts'

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
