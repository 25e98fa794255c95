import type { Logger } from 'pino'
import type { Actor } from '../auth/actor.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Ctx } from '../context.ts'
import type { DeadLetters } from '../events/dead-letters.ts'
import type { EventLog } from '../events/log.ts'
import type { Store } from '../events/store.ts'
import type { WriteStore } from '../events/writes.ts'
import type { Graph } from '../graph/graph.ts'
import type { EventReads } from '../loaders/event-reads.ts'
import { Reads } from '../loaders/reads.ts'
import type { Metrics } from './metrics.ts'

/** What the server serves with. Lives as long as the process. */
export interface Parts {
  readonly config: Config
  readonly graph: Graph
  readonly log: EventLog
  readonly writes: WriteStore
  readonly deadLetters: DeadLetters
  readonly webhookHealth: Store['webhookHealth']
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly eventReads: EventReads
  /** Ends when the process begins to stop: streams finish, nothing new begins. */
  readonly draining: AbortSignal
}

export interface Client {
  readonly actor: Actor
  /** Ends when the client has left. */
  readonly gone: AbortSignal
  /** The cursor that it had last, when it connects again. */
  readonly resumeFrom: string | null
}

/** The context of one operation. */
export function createContext(parts: Parts, { actor, gone, resumeFrom }: Client): Ctx {
  const { config, graph, log, writes, webhookHealth, clock, logger, draining, eventReads } = parts
  const reads = new Reads(graph, gone)
  const place = { resumeFrom, cursor: null }
  return {
    actor,
    apps: config.apps,
    graph,
    reads,
    eventReads,
    place,
    heartbeatMs: config.heartbeatSeconds * 1000,
    log,
    writes,
    webhookHealth,
    clock,
    logger,
    signal: gone,
    draining,
  }
}
