import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { GraphObservation } from '../graph/request.ts'
import type { WebhookCounters } from '../webhooks/intake.ts'

export interface Metrics {
  readonly registry: Registry
  readonly webhooks: WebhookCounters
  observeGraph(observation: GraphObservation): void
  readonly streams: Gauge<'transport'>
}

/** Labels come from closed sets only, so that nobody outside can fill the memory with series. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const webhooks = new Counter({
    name: 'mps_webhook_changes_total',
    help: 'Webhook deliveries and changes, by what became of them.',
    labelNames: ['result', 'app_id', 'field', 'reason'],
    registers,
  })
  const graph = new Histogram({
    name: 'mps_graph_request_seconds',
    help: 'HTTP requests to the Graph API.',
    labelNames: ['method', 'route', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const streams = new Gauge({
    name: 'mps_streams',
    help: 'Open connections of subscribers.',
    labelNames: ['transport'],
    registers,
  })
  return {
    registry,
    streams,
    webhooks: {
      count: (result, { appId, field = '', reason = '' }, n = 1) =>
        webhooks.inc({ result, app_id: appId, field, reason }, n),
    },
    observeGraph: ({ method, route, ms, errorKind = 'ok' }) =>
      graph.observe({ method, route, outcome: errorKind }, ms / 1000),
  }
}
