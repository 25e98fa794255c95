import { BoundedMap } from '../bounded-map.ts'
import { GraphError } from '../error.ts'
import type { PreparedCall } from '../prepare.ts'
import { parseUsage, type HeaderBag, type UsageEntry } from '../usage.ts'
import { countCall, learn } from './allowance.ts'
import { endStop, NEW_LANE, percentOf, standingOf, worst, type Lane } from './lane.ts'
import { scopeOf, stopAfter, type StopScope } from './stop.ts'
import { judge } from './verdict.ts'

export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'objects' | 'metering' | 'isRead' | 'priority' | 'group'
>

export interface BudgetReading {
  readonly appId: string
  /** The highest of the app's budgets. */
  readonly percent: number
}

const MOST_LANES = 10_000

/** The allowances of apps, tokens and objects, as far as Graph and our own counting tell. */
export class Budgets {
  readonly #lanes = new BoundedMap<Lane>(MOST_LANES)
  readonly #now: () => number
  readonly #slowestMs: number

  constructor(now: () => number, slowestMs: number) {
    this.#now = now
    this.#slowestMs = slowestMs
  }

  /** How long the call is to be held back; fails when it must not leave at all. */
  check(call: Budgeted): number {
    const now = this.#now()
    const standing = worst(lanesOf(call).map((key) => standingOf(this.#lanes.get(key) ?? NEW_LANE, now)))
    const verdict = judge(standing, { ...call, now, slowestMs: this.#slowestMs })
    if (verdict.go) return verdict.waitMs
    const message =
      verdict.said?.message ??
      'The allowance of Graph is nearly used up; the rest is kept for what matters more.'
    throw new GraphError('throttled', message, { ...verdict.said, retryAfterSeconds: verdict.seconds })
  }

  /** Counts a call that leaves. */
  count(call: Budgeted): void {
    const now = this.#now()
    for (const object of call.objects) {
      this.#change(objectLane(call, object), (lane) => ({
        ...lane,
        allowance: countCall(lane.allowance, now, call.metering),
      }))
    }
  }

  /** Takes in what an answer, or its lack, says. */
  note(call: Budgeted, headers: HeaderBag, error: GraphError | undefined): void {
    const { entries } = parseUsage(headers)
    for (const entry of entries) this.#noteUsage(call, entry)
    const scope = error === undefined ? null : scopeOf(error)
    if (error === undefined) this.#relax(call)
    else if (scope !== null) this.#stop(stopped(call, scope, entries), error)
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

  #noteUsage(call: Budgeted, entry: UsageEntry): void {
    const usage = { percent: percentOf(entry), at: this.#now() }
    for (const key of named(call, entry)) this.#change(key, (lane) => ({ ...lane, usage }))
  }

  #stop(keys: readonly string[], error: GraphError): void {
    const now = this.#now()
    for (const key of keys) {
      this.#change(key, (lane) => ({
        ...lane,
        stop: stopAfter(lane.stop, error, now),
        allowance: learn(lane.allowance, now, true),
      }))
    }
  }

  #relax(call: Budgeted): void {
    const now = this.#now()
    for (const key of lanesOf(call)) {
      const lane = this.#lanes.get(key)
      if (lane === undefined) continue
      this.#lanes.set(key, { ...endStop(lane, now), allowance: learn(lane.allowance, now, false) })
    }
  }

  #change(key: string, change: (lane: Lane) => Lane): void {
    this.#lanes.set(key, change(this.#lanes.get(key) ?? NEW_LANE))
  }
}

const kindLane = ({ appId, credential }: Budgeted) => `${appId} kind ${credential.kind}`
const tokenLane = ({ appId, who }: Budgeted) => `${appId} token ${who}`
const objectLane = ({ appId }: Budgeted, object: string) => `${appId} object ${object}`
const groupLane = ({ appId, group }: Budgeted) => `${appId} group ${group}`

function lanesOf(call: Budgeted): readonly string[] {
  const group = call.group === null ? [] : [groupLane(call)]
  return [
    kindLane(call),
    tokenLane(call),
    ...group,
    ...call.objects.map((object) => objectLane(call, object)),
  ]
}

// The key of the header is a business in Meta's words and an account in its samples, so it counts when the call is about
// it, and otherwise for the one object that the call is about.
function named(call: Budgeted, { source, key }: UsageEntry): readonly string[] {
  if (source === 'app') return [kindLane(call)]
  if (key !== null && call.objects.includes(key)) return [objectLane(call, key)]
  return call.objects.length === 1 ? call.objects.map((object) => objectLane(call, object)) : []
}

function stopped(call: Budgeted, scope: StopScope, entries: readonly UsageEntry[]): readonly string[] {
  if (scope === 'kind') return [kindLane(call)]
  if (scope === 'token' || call.objects.length === 0) return [tokenLane(call)]
  if (call.group === null) return call.objects.map((object) => objectLane(call, object))
  // One of many ids is over its limit. If no header names it, the same ids are not asked together again.
  const guilty = entries.filter(
    ({ key, regainSeconds }) => regainSeconds !== null && key !== null && call.objects.includes(key),
  )
  return guilty.length > 0 ? guilty.map(({ key }) => objectLane(call, key ?? '')) : [groupLane(call)]
}
