import type { DestinationStream, Logger } from 'pino'
import { systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { openStore, type Store } from './events/store.ts'
import { createGraphClient } from './graph/client.ts'
import { createGraph } from './graph/graph.ts'
import { EventReads } from './loaders/event-reads.ts'
import { createLogger } from './log.ts'
import { leaseGuard } from './reconcile/lease-guard.ts'
import { startReconciliation } from './reconcile/schedule.ts'
import { keepFor } from './retention.ts'
import { listen } from './server/http.ts'
import { createMetrics } from './server/metrics.ts'
import type { Parts } from './server/parts.ts'

export interface Gateway {
  readonly url: string
  readonly logger: Logger
  close(): Promise<void>
}

/** Builds the parts from the configuration and serves. Closing takes them apart in the reverse order. */
export async function startGateway(config: Config, logDestination?: DestinationStream): Promise<Gateway> {
  const drain = new AbortController()
  const logger = createLogger(config, logDestination)
  const metrics = createMetrics()
  const store = await openStore(config.databaseUrl)
  const client = createGraphClient({
    baseUrl: config.graphUrl,
    version: config.graphVersion,
    observe: metrics.observeGraph,
  })
  const graph = createGraph(client)
  const parts: Parts = {
    config,
    graph,
    eventReads: new EventReads(graph, drain.signal),
    log: store.log,
    writes: store.writes,
    deadLetters: store.deadLetters,
    webhookHealth: store.webhookHealth,
    clock: systemClock,
    logger,
    metrics,
    draining: drain.signal,
  }
  const background: Promise<unknown>[] = []
  const closers = [() => settled(background), () => client.close(), () => store.close()]
  try {
    const server = await listen(parts)
    background.push(...startBackground(parts, store))
    const beginDrain = async (): Promise<void> => drain.abort()
    return { url: server.url, logger, close: () => closeAll([beginDrain, server.close, ...closers]) }
  } catch (error) {
    await closeAll(closers)
    throw error
  }
}

/** What goes on besides serving, until the process drains. */
function startBackground(parts: Parts, store: Store): Promise<unknown>[] {
  const { config, logger, draining } = parts
  const retention = keepFor(config.retentionDays, store, logger, draining)
  if (config.reconcileSeconds === 0) return [retention]
  const { apps } = config
  const guard = leaseGuard(store.leases)
  const intervalMs = config.reconcileSeconds * 1000
  return [retention, startReconciliation({ ...parts, apps, guard, intervalMs, signal: draining }).stopped]
}

async function settled(promises: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(promises)
}

/** In the written order; each is attempted, and what failed is thrown at the end. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const close of closers) await close().catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw new AggregateError(errors, 'Not everything could be closed')
}
