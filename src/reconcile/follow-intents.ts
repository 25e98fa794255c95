import type { Logger } from 'pino'
import type { Clock } from '../lib/clock.ts'
import type { AppConfig } from '../config/config.ts'
import type { EventLog } from '../events/log.ts'
import type { GraphError } from '../graph/error.ts'
import type { Graph } from '../graph/graph.ts'
import type { ReadMemory } from '../reads/memory.ts'
import { FindingReporter, type Part, type ReconcileFinding } from './findings.ts'
import type { LeaseGuard, HeldLease } from './lease-guard.ts'
import { IntentWatch } from './intents.ts'
import { pause } from '../lib/pause.ts'
import { PacedReads } from './paced-reads.ts'

export interface FollowOptions {
  readonly apps: readonly AppConfig[]
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  readonly memory: ReadMemory
  readonly log: EventLog
  readonly guard: LeaseGuard
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Counts what could not be asked. */
  readonly countUnread: (appId: string, part: Part) => void
  /** Between two looks, and between two reads of one intent that was just asked for. */
  readonly leastMs: number
}

/**
 * Tells what becomes of migrations that were asked for, until the signal ends. While there are none it asks Graph nothing
 * and looks at the log only when that has grown.
 */
export async function followIntents(options: FollowOptions): Promise<void> {
  const { apps, log, logger, signal, leastMs, clock } = options
  const followers = apps.map((app) => ({
    app,
    watch: new IntentWatch(app, log, leastMs),
    warner: new FindingReporter(logger),
  }))
  /** Whether all looks went well and there is nothing to follow. */
  const isIdle = async (): Promise<boolean> => {
    let isQuiet = true
    for (const follower of followers)
      await lookOnce(options, follower).catch((error: unknown) => {
        isQuiet = false
        logger.error({ err: error, appId: follower.app.appId }, 'migrations could not be followed')
      })
    return isQuiet && followers.every(({ watch }) => !watch.isFollowing(clock()))
  }
  while (!signal.aborted) {
    if (await isIdle()) {
      // Armed before the log is looked into once more, so that nothing falls between.
      const appended = log.appended(signal)
      if (await isIdle()) await appended
    }
    await pause(leastMs, signal)
  }
}

interface Follower {
  readonly app: AppConfig
  readonly watch: IntentWatch
  readonly warner: FindingReporter
}

async function lookOnce(options: FollowOptions, { app, watch, warner }: Follower): Promise<void> {
  const { guard, clock, signal, countUnread } = options
  const due = await watch.due(clock())
  if (due.length === 0 || signal.aborted) return
  await guard.withLease(async (lease: HeldLease) => {
    const paced = new PacedReads({ ...options, app, pauseMs: 0, lease })
    const { events, errors } = await watch.look(due, paced, clock())
    if (events.length > 0 && lease.isHeld() && !signal.aborted) await lease.append(events)
    const unread = errors.filter(({ kind }) => kind !== 'aborted')
    for (const _ of unread) countUnread(app.appId, 'migrations')
    warner.report(unread.slice(0, 1).map(unreadable(app.appId)), [])
  })
}

const unreadable =
  (appId: string) =>
  ({ kind, code }: GraphError): ReconcileFinding => {
    return { type: 'UNREADABLE', appId, part: 'migrations', kind, code: code ?? null }
  }
