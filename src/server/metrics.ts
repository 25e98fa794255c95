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
  const cameChanges = new Counter({
    name: 'mps_webhook_field_changes_total',
    help: "Changes that came, by webhook field: those that the gateway knows, and 'other'.",
    labelNames: ['app_id', 'field'],
    registers,
  })
  const cameBytes = new Counter({
    name: 'mps_webhook_field_bytes_total',
    help: 'Bytes of the values of changes that came, by webhook field.',
    labelNames: ['app_id', 'field'],
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
      came: (appId, field, changes, bytes) => {
        cameChanges.inc({ app_id: appId, field }, changes)
        cameBytes.inc({ app_id: appId, field }, bytes)
      },
    },
  }
}
