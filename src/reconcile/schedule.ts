import type { AppConfig } from '../config/config.ts'
import { noResult, combineResults, type ReconcileResult } from './findings.ts'
import type { LeaseGuard, HeldLease } from './lease-guard.ts'
import { AppReconciler, type ReconcilerOptions } from './reconciler.ts'
import { pause } from '../lib/pause.ts'

const minute = 60_000
const hourMs = 60 * minute
const dayMs = 24 * hourMs

type Required = Pick<
  ReconcilerOptions,
  'graph' | 'memory' | 'log' | 'clock' | 'logger' | 'signal' | 'noteSubscription' | 'countUnread'
>
type Defaulted = Omit<ReconcilerOptions, keyof Required>

export interface ReconciliationOptions extends Required, Partial<Defaulted> {
  readonly apps: readonly AppConfig[]
  readonly guard: LeaseGuard
  /** The time between two runs, give or take a tenth. */
  readonly intervalMs?: number
  readonly random?: () => number
}

export interface Reconciliation {
  /** Starts a run when those under way have ended. */
  runNow(): Promise<ReconcileResult>
  /** Resolves once the signal has ended and no run is under way. */
  readonly stopped: Promise<void>
}

/** Calls are made slowly, unless the interval between runs leaves no time for that. */
const defaultsFor = (intervalMs: number): Defaulted => ({
  pauseMs: Math.min(1000, intervalMs / 60),
  graceMs: Math.min(10_000, intervalMs / 4),
  subscribedAppsEveryMs: dayMs,
  baselineMs: dayMs,
})

/** Compares the log with Graph now and then at each interval, until the signal ends. */
export function startReconciliation(options: ReconciliationOptions): Reconciliation {
  const { apps, guard, logger, signal, intervalMs = hourMs, random = Math.random } = options
  const defaults = defaultsFor(intervalMs)
  const watchers = apps.map((app) => ({ app, watcher: new AppReconciler(app, { ...defaults, ...options }) }))
  let last: Promise<ReconcileResult> = Promise.resolve(noResult)

  async function lookAtAll(lease: HeldLease): Promise<ReconcileResult> {
    const all: ReconcileResult[] = []
    for (const { app, watcher } of watchers) {
      if (signal.aborted || !lease.isHeld()) break
      all.push(await watcher.run(lease).catch((error: unknown) => failed(app.appId, error)))
    }
    return combineResults(all)
  }

  function failed(appId: string, error: unknown): ReconcileResult {
    logger.error({ err: error, appId }, 'a comparison with Graph failed')
    options.countUnread?.(appId, 'look')
    return { looked: true, events: [], findings: [{ type: 'FAILED', appId }] }
  }

  async function round(): Promise<ReconcileResult> {
    if (signal.aborted) return noResult
    try {
      return (await guard.withLease(lookAtAll)) ?? noResult
    } catch (error) {
      logger.error({ err: error }, 'the lease for the comparison with Graph could not be acquired')
      return noResult
    }
  }

  const runNow = (): Promise<ReconcileResult> => (last = last.then(round))

  async function repeat(): Promise<void> {
    while (!signal.aborted) {
      await runNow()
      await pause(intervalMs * (0.9 + random() * 0.2), signal)
    }
    await last
  }

  return { runNow, stopped: repeat() }
}
