import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { AppConfig } from '../config.ts'
import type { EventLog } from '../events/log.ts'
import type { Graph } from '../graph/graph.ts'
import type { ReadMemory } from '../loaders/memory.ts'
import type { Guard, Lease } from './guard.ts'
import { IntentWatch } from './intents.ts'
import { pause } from './pause.ts'
import { Paced } from './reads.ts'

export interface FollowOptions {
  readonly apps: readonly AppConfig[]
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  readonly memory: ReadMemory
  readonly log: EventLog
  readonly guard: Guard
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Between two looks, and between two reads of one intent that was just asked for. */
  readonly leastMs: number
}

/** Tells what becomes of migrations that were asked for, until the signal ends. Asks Graph nothing while there are none. */
export async function followIntents(options: FollowOptions): Promise<void> {
  const { apps, log, logger, signal, leastMs } = options
  const watches = apps.map((app) => ({ app, watch: new IntentWatch(app, log, leastMs) }))
  while (!signal.aborted) {
    for (const { app, watch } of watches)
      await lookOnce(options, app, watch).catch((error: unknown) => {
        logger.error({ err: error, appId: app.appId }, 'migrations could not be followed')
      })
    await pause(leastMs, signal)
  }
}

async function lookOnce(options: FollowOptions, app: AppConfig, watch: IntentWatch): Promise<void> {
  const { guard, clock, signal } = options
  const due = await watch.due(clock())
  if (due.length === 0 || signal.aborted) return
  await guard.withLease(async (lease: Lease) => {
    const { read } = new Paced({ ...options, app, pauseMs: 0, lease })
    const events = await watch.look(due, read, clock())
    if (events.length > 0 && lease.isHeld() && !signal.aborted) await lease.append(events)
  })
}
