import type { DestinationStream, Logger } from 'pino'
import { ownTime, systemClock, type Clock } from './lib/clock.ts'
import { pause } from './lib/pause.ts'
import { isLoopback, type Config } from './config/config.ts'
import type { NewEvent } from './events/event.ts'
import { SealedDocuments } from './events/documents.ts'
import { Instance } from './events/instance.ts'
import { StoreClock } from './events/store-clock.ts'
import { openStore, storeVersion, type Store, type StoreVersion } from './events/store.ts'
import { createGraphClient } from './graph/client.ts'
import { createGraph } from './graph/graph.ts'
import { openVault, type TokenVault } from './graph/token-vault.ts'
import { VersionWatch } from './graph/version-watch.ts'
import { EventReads } from './reads/event-reads.ts'
import { evicting, evictingWrites } from './reads/evictions.ts'
import { ReadMemory } from './reads/memory.ts'
import { MemoryCheck } from './reads/memory-check.ts'
import { createLogger } from './log.ts'
import { runAutoOnboarding } from './onboarding/rule/rule.ts'
import { followIntents } from './reconcile/follow-intents.ts'
import { leaseGuard } from './reconcile/lease-guard.ts'
import { startReconciliation } from './reconcile/schedule.ts'
import { runRetention, runTidying } from './events/retention.ts'
import { listen } from './http/server.ts'
import { createMetrics, type Metrics } from './http/ops/metrics.ts'
import { createContext, type Parts } from './http/parts.ts'
import { StoreWatch } from './http/ops/health.ts'
import { type Documents, MemoryDocuments } from './lib/documents.ts'
import { publishLeft } from './writes/outbox.ts'
import { sharingTold } from './credit/methods.ts'

export interface Gateway {
  readonly url: string
  readonly logger: Logger
  /** Whether the store held events before. */
  readonly goesOn: boolean
  /** Is not ready any more, and goes on serving for SHUTDOWN_DELAY_SECONDS, or until told to hurry. */
  linger(hurry: AbortSignal): Promise<void>
  /** Finishes what is under way and ends. */
  close(): Promise<void>
}

/** Set by tests: the clock, and how long calls to Graph may take. */
interface Timing {
  readonly clock?: Clock
  readonly deadlineMs?: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Builds the parts from the configuration and serves. Closing stops them in the reverse order. */
export async function startGateway(
  config: Config,
  logDestination?: DestinationStream,
  { clock: stepped, deadlineMs }: Timing = {},
): Promise<Gateway> {
  const [stop, drain] = [new AbortController(), new AbortController()]
  const logger = createLogger(config, logDestination)
  const metrics = createMetrics()
  const storeWatch = new StoreWatch(
    await openStore(config.databaseUrl, {
      serves: true,
      poolSize: config.databasePoolSize,
      listenUrl: config.databaseListenUrl,
      clock: stepped,
    }),
  )
  const store = storeWatch.watched
  const storeClock = new StoreClock(store.now, logger)
  // An embedded store has the clock of its machine.
  const clock = stepped ?? (isShared(config) ? storeClock.now : systemClock)
  metrics.watchSkew(storeClock)
  const versionWatch = new VersionWatch(config.graphVersion, clock, logger)
  metrics.watchVersion(versionWatch)
  const client = createGraphClient({
    baseUrl: config.graphUrl,
    version: config.graphVersion,
    observe: (observation) => {
      metrics.observeGraph(observation)
      if (observation.answeredBy !== undefined) versionWatch.saw(observation.answeredBy)
    },
    count: (event, appId) => {
      metrics.countGraph(event, appId)
      if (event === 'token-broken') logger.error({ appId }, "Graph refuses the app's own token")
    },
    ...(deadlineMs !== undefined && { deadlineMs }),
  })
  metrics.watchBudgets(client.budgets)
  const memory = new ReadMemory()
  const vault = vaultOf(config, store, metrics, logger)
  const graph = evictingWrites(
    createGraph(client, {
      clock,
      vault,
      tokenDropped: (appId) => metrics.countGraph('token-dropped', appId),
      vaultTroubled: (error) => logger.warn({ err: error }, 'stored tokens cannot be read or written'),
    }),
    memory,
  )
  const instance = new Instance(store.leases, !isShared(config))
  const checks = isShared(config) && config.checksMemory
  const parts: Parts = {
    config,
    graph,
    eventReads: new EventReads(graph, memory, drain.signal),
    memory,
    memoryCheck: checks ? new MemoryCheck(store.log, metrics.countMemoryCheck) : null,
    log: store.log,
    writes: store.writes,
    sharings: store.sharings,
    documents: documentsOf(config, store, clock),
    instance,
    deadLetters: store.deadLetters,
    webhookHealth: store.webhookHealth,
    accountWebhookHealth: store.accountWebhookHealth,
    countUnstoredWebhook: store.countUnstoredWebhook,
    storeWatch,
    storeClock,
    clock,
    // Tests that own the store's time set it ahead and mean it.
    earliest: stepped ?? storeClock.earliest,
    time: ownTime,
    logger,
    metrics,
    stopping: stop.signal,
    draining: drain.signal,
  }
  const background: Promise<unknown>[] = []
  const closers = [
    () => settled(background),
    () => client.close(),
    () => instance.leave(),
    () => store.close(),
  ]
  try {
    await storeClock.measure()
    await instance.announce()
    const goesOn = (await store.log.head()) > 0
    sayIfNewer(await store.version(), logger)
    const server = await listen(parts)
    background.push(
      versionWatch.run(drain.signal),
      storeClock.run(drain.signal),
      ...startBackground(parts, store),
      ...(vault ? [runTidying(() => vault.tidy(), hourMs, logger, drain.signal)] : []),
      runTidying(() => store.documents.dropEnded(), minuteMs, logger, drain.signal),
      ...startRule(parts, store),
    )
    const delayMs = config.shutdownDelaySeconds * 1000
    const linger = async (hurry: AbortSignal): Promise<void> => {
      stop.abort()
      await pause(delayMs, hurry)
    }
    const beginDrain = async (): Promise<void> => {
      stop.abort()
      await server.stopListening()
      if (delayMs > 0) await server.settle()
      drain.abort()
    }
    return {
      url: server.url,
      logger,
      goesOn,
      linger,
      close: () => closeAll([beginDrain, server.close, ...closers]),
    }
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/** Customers' tokens in the store; null without a key. */
function vaultOf(
  { encryptionKeys, production }: Config,
  { tokens }: Store,
  { countGraph }: Metrics,
  logger: Logger,
): TokenVault | null {
  if (encryptionKeys.length === 0 && production)
    logger.warn("without TOKEN_ENCRYPTION_KEY customers' tokens and documents are in this process alone")
  return openVault(encryptionKeys, tokens, {
    unreadable: (appId, isFirst) => {
      countGraph('token-unreadable', appId)
      if (isFirst) logger.error({ appId }, 'a stored token cannot be read: its key is not there')
    },
  })
}

/** Uploaded documents, in the store where there is a key. */
function documentsOf(config: Config, store: Store, clock: Clock): Documents {
  const [first, ...others] = config.encryptionKeys
  return first === undefined
    ? new MemoryDocuments(clock, !isShared(config))
    : new SealedDocuments(store.documents, [first, ...others])
}

/** Whether other instances may write to the same store: a file admits one. */
const isShared = ({ databaseUrl }: Config): boolean => !databaseUrl.startsWith('file:')

/** Whoever has gone back to this release finds it in the log. */
function sayIfNewer({ version, upgradedBy }: StoreVersion, logger: Logger): void {
  if (version > storeVersion)
    logger.warn(
      { version, upgradedBy },
      'a newer release has brought the store up to date, and this one works on it',
    )
}

/** Background work, until the process drains. */
function startBackground(parts: Parts, store: Store): Promise<unknown>[] {
  const { config, logger, draining, memory } = parts
  const retention = runRetention(config.retentionDays, store, logger, draining)
  const watch = store.log.observe(evicting(memory, parts.graph), draining)
  const keep = async (event: NewEvent): Promise<void> => {
    const sharing = sharingTold(event)
    if (sharing) await store.sharings.save(sharing)
  }
  const telling = publishLeft({ ...parts, keep }, draining)
  const { apps } = config
  const following = followIntents({
    ...parts,
    apps,
    guard: leaseGuard(store.leases, 'migrations'),
    countUnread: parts.metrics.countUnread,
    signal: draining,
    // Once a minute is often enough for Meta's customers; those of a simulator answer sooner.
    leastMs: isLoopback(new URL(config.graphUrl).hostname) ? 2_000 : 60_000,
  })
  const always = [retention, watch, telling, following]
  if (config.reconcileSeconds === 0) return always
  const guard = leaseGuard(store.leases)
  const { noteSubscription } = store
  const intervalMs = config.reconcileSeconds * 1000
  return [
    ...always,
    startReconciliation({
      ...parts,
      noteSubscription,
      countUnread: parts.metrics.countUnread,
      apps,
      guard,
      intervalMs,
      signal: draining,
    }).stopped,
  ]
}

/** Onboards new accounts by the automatic rule, where it is configured. */
function startRule(parts: Parts, store: Store): Promise<void>[] {
  const { config, draining: signal } = parts
  const { subscribe, creditCurrency: currency } = config.autoOnboard
  if (!subscribe) return []
  const client = { actor: { kind: 'RULE', apps: config.apps } as const, gone: signal, resumeFrom: null }
  const credit = currency === null ? null : { currency, creditLineId: null }
  return [
    runAutoOnboarding({
      context: () => createContext(parts, client),
      guard: leaseGuard(store.leases, 'auto-onboard'),
      input: { credit, registration: null },
      signal,
      watch: parts.metrics.watchRule,
    }),
  ]
}

async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(promises)
}

/** Closes in order. Each is attempted; failures are thrown together at the end. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const close of closers) await close().catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be closed')
}
