import { Counter, Gauge, Registry } from 'prom-client'
import type { WebhookCounters } from '../../webhooks/deps.ts'
import { createGraphMetrics, type GraphMetrics } from './graph-metrics.ts'

export interface Metrics extends GraphMetrics {
  readonly registry: Registry
  readonly webhooks: WebhookCounters
  readonly streams: Gauge<'transport'>
  /** What a comparison of the log with Graph could not read. */
  readonly countUnread: (appId: string, part: string) => void
  /** Asked whenever metrics are read. */
  watchRule(waiting: () => readonly Waits[]): void
}

/** An account that onboarding by rule has not finished with. */
interface Waits {
  readonly appId: string
  readonly hindrances: readonly { readonly waitsFor: string | null }[]
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
  const unread = new Counter({
    name: 'mps_reconcile_unread_total',
    help: 'Parts of comparisons with Graph that could not be read: what no webhook told of is not found there.',
    labelNames: ['app_id', 'part'],
    registers,
  })
  return {
    ...createGraphMetrics(registry),
    registry,
    streams,
    watchRule: (waiting) => void watchRule(registers, waiting),
    countUnread: (appId, part) => unread.inc({ app_id: appId, part }),
    webhooks: {
      count: (result, { appId, field = '', reason = '' }, n = 1) =>
        webhooks.inc({ result, app_id: appId, field, reason }, n),
      countReceived: (appId, field, changes, bytes) => {
        cameChanges.inc({ app_id: appId, field }, changes)
        cameBytes.inc({ app_id: appId, field }, bytes)
      },
    },
  }
}

function watchRule(registers: Registry[], waiting: () => readonly Waits[]): Gauge {
  const gauge = new Gauge({
    name: 'mps_auto_onboard_waiting',
    help: 'Accounts that onboarding by rule waits with, by whose turn it is.',
    labelNames: ['app_id', 'waits_for'],
    registers,
    collect: () => {
      gauge.reset()
      for (const { appId, hindrances } of waiting())
        gauge.inc({ app_id: appId, waits_for: hindrances[0]?.waitsFor ?? 'NOBODY' })
    },
  })
  return gauge
}
