import { Counter, Gauge, Registry } from 'prom-client'
import type { WebhookCounters } from '../webhooks/intake.ts'
import { createGraphMetrics, type GraphMetrics } from './graph-metrics.ts'

export interface Metrics extends GraphMetrics {
  readonly registry: Registry
  readonly webhooks: WebhookCounters
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
  const streams = new Gauge({
    name: 'mps_streams',
    help: 'Open connections of subscribers.',
    labelNames: ['transport'],
    registers,
  })
  return {
    ...createGraphMetrics(registry),
    registry,
    streams,
    webhooks: {
      count: (result, { appId, field = '', reason = '' }, n = 1) =>
        webhooks.inc({ result, app_id: appId, field, reason }, n),
    },
  }
}
