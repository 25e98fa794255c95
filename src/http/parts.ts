import type { Logger } from 'pino'
import type { Actor } from '../access/authenticate.ts'
import type { Clock, OwnTime } from '../lib/clock.ts'
import type { Config } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import type { DeadLetters } from '../events/dead-letters.ts'
import type { EventLog } from '../events/log.ts'
import type { Store } from '../events/store.ts'
import type { SharingStore } from '../events/sharings.ts'
import type { WriteStore } from '../events/writes.ts'
import type { Documents } from '../lib/documents.ts'
import type { Graph } from '../graph/graph.ts'
import type { CallOptions, Tally } from '../graph/endpoint.ts'
import type { EventReads } from '../reads/event-reads.ts'
import type { ReadMemory } from '../reads/memory.ts'
import type { MemoryCheck } from '../reads/memory-check.ts'
import { Reads } from '../reads/reads.ts'
import type { Metrics } from './ops/metrics.ts'

/** The parts that requests are served with. They live as long as the process. */
export interface Parts {
  readonly config: Config
  readonly graph: Graph
  readonly log: EventLog
  readonly writes: WriteStore
  readonly sharings: SharingStore
  readonly documents: Documents
  readonly instance: Ctx['instance']
  readonly deadLetters: DeadLetters
  readonly webhookHealth: Store['webhookHealth']
  readonly accountWebhookHealth: Store['accountWebhookHealth']
  readonly countUnstoredWebhook: Store['countUnstoredWebhook']
  /** Whether the store takes what is written to it. */
  readonly storeWatch: { takesWrites(): Promise<boolean> }
  /** How far this machine's clock is ahead of the store's, when that is much. */
  readonly storeClock: { readonly largeSkewSeconds: number | null }
  readonly clock: Clock
  readonly earliest: Clock
  readonly time: OwnTime
  readonly logger: Logger
  readonly metrics: Metrics
  readonly eventReads: EventReads
  readonly memory: ReadMemory
  /** What memory waits for before it answers; null where no other instance can write. */
  readonly memoryCheck: MemoryCheck | null
  /** Ends when the process has been told to stop: it says that it is not ready, and goes on serving for a while. */
  readonly stopping: AbortSignal
  /** Ends when the process serves no longer: streams finish, and none begin. */
  readonly draining: AbortSignal
}

interface Client {
  readonly actor: Actor
  /** Ends when the client has left. */
  readonly gone: AbortSignal
  /** The cursor that it had last, when it connects again. */
  readonly resumeFrom: string | null
}

/** Graph as one operation calls it: its calls count towards the operation's cost and its deadline. */
function tallied(graph: Graph, tally: Tally, reads: Reads): Graph {
  const counted = (options: AbortSignal | CallOptions = {}): CallOptions => {
    const shared = { tally, begun: reads.begun }
    return options instanceof AbortSignal ? { signal: options, ...shared } : { ...shared, ...options }
  }
  return {
    ...graph,
    call: (endpoint, as, options) => graph.call(endpoint, as, counted(options)),
    readAll: (reads, options) => graph.readAll(reads, counted(options)),
    write: (endpoint, as, sending) => graph.write(endpoint, as, { ...counted(sending), ...sending }),
  }
}

/** The context of one operation. */
export function createContext(parts: Parts, { actor, gone, resumeFrom }: Client): Ctx {
  const {
    config,
    log,
    writes,
    sharings,
    documents,
    webhookHealth,
    clock,
    earliest,
    time,
    logger,
    draining,
    eventReads,
  } = parts
  // The automatic rule leaves most of an allowance to callers who wait.
  const cost: Tally = { requests: 0, units: 0, ...(actor.kind === 'RULE' && { priority: 'background' }) }
  const reads = new Reads(parts.graph, parts.memory, { signal: gone, tally: cost })
  const graph = tallied(parts.graph, cost, reads)
  const streamPosition = { resumeFrom, cursor: null }
  return {
    actor,
    apps: config.apps,
    graph,
    cost,
    reads,
    eventReads,
    streamPosition,
    heartbeatMs: config.heartbeatSeconds * 1000,
    overrideHosts: config.overrideHosts,
    autoOnboard: config.autoOnboard,
    redirectUris: config.redirectUris,
    onboardingWeeklyLimit: config.onboardingWeeklyLimit,
    log,
    writes,
    sharings,
    documents,
    instance: parts.instance,
    deadLetters: parts.deadLetters,
    webhookHealth,
    accountWebhookHealth: parts.accountWebhookHealth,
    clock,
    earliest,
    time,
    logger,
    signal: gone,
    draining,
  }
}
