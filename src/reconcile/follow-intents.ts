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
  /** Counts what could not be read. */
  readonly countUnread: (appId: string, part: Part) => void
  /** The time between two checks, and between two reads of an intent that was just made. */
  readonly leastMs: number
}

/**
 * Appends an event when a migration that was asked for changes, until the signal ends. While no migration is open it asks
 * Graph nothing, and reads the log only when that has grown.
 */
export async function followIntents(options: FollowOptions): Promise<void> {
  const { apps, log, logger, signal, leastMs, clock } = options
  const followers = apps.map((app) => ({
    app,
    watch: new IntentWatch(app, log, leastMs),
    warner: new FindingReporter(logger),
  }))
  /** True when every check succeeded and no intent is open. */
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
      // The wait is armed before the log is read once more, so no append falls between.
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
