import { Counter, Gauge, Registry, Histogram } from 'prom-client'
import type { WebhookCounters } from '../../webhooks/deps.ts'
import type { GraphEvent, GraphObservation } from '../../graph/upstream/upstream.ts'

export interface Metrics extends GraphMetrics {
  readonly registry: Registry
  readonly webhooks: WebhookCounters
  readonly streams: Gauge<'transport'>
  /** Counts what was refused or ended because there is no room for it. */
  readonly countRefused: (what: Refused) => void
  /** Counts what a comparison of the log with Graph could not read. */
  readonly countUnread: (appId: string, part: string) => void
  /** Counts the comparisons of memory with the store, and those that the store did not answer. */
  readonly countMemoryCheck: (isChecked: boolean) => void
  /** Called whenever metrics are read: milliseconds that the own clock is ahead of the store's. */
  watchSkew(of: { readonly skewMs: number }): void
  /** Called whenever metrics are read. */
  watchRule(waiting: () => readonly Waits[]): void
}

type Refused = 'socket' | 'silent-socket' | 'operation' | 'stream' | 'slow-body'

/** An account that the automatic rule has not finished onboarding. */
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
  const refused = new Counter({
    name: 'mps_refused_total',
    help: 'What was refused for want of room, or ended: silent sockets that made room for others, and bodies that came too slowly.',
    labelNames: ['what'],
    registers,
  })
  const unread = new Counter({
    name: 'mps_reconcile_unread_total',
    help: 'Parts of comparisons with Graph that could not be read: what no webhook told of is not found there.',
    labelNames: ['app_id', 'part'],
    registers,
  })
  const checks = new Counter({
    name: 'mps_memory_checks_total',
    help: 'Operations that memory may have answered, by whether the store said before what had changed.',
    labelNames: ['result'],
    registers,
  })
  // Looked up once: every warm query is counted.
  const [checked, unchecked] = [checks.labels('checked'), checks.labels('unchecked')]
  return {
    ...createGraphMetrics(registry),
    registry,
    streams,
    countRefused: (what) => refused.inc({ what }),
    watchRule: (waiting) => void watchRule(registers, waiting),
    watchSkew: (of) => void watchSkew(registers, of),
    countMemoryCheck: (isChecked) => (isChecked ? checked : unchecked).inc(),
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

function watchSkew(registers: Registry[], of: { readonly skewMs: number }): Gauge {
  const gauge: Gauge = new Gauge({
    name: 'mps_clock_skew_seconds',
    help: "By how much this machine's clock is ahead of the store's, which all instances go by.",
    registers,
    collect: () => gauge.set(of.skewMs / 1000),
  })
  return gauge
}

interface GraphMetrics {
  observeGraph(observation: GraphObservation): void
  countGraph(event: GraphEvent, appId: string): void
  /** Called whenever metrics are read. */
  watchBudgets(readings: () => readonly { readonly appId: string; readonly percent: number }[]): void
  watchMemory(read: () => MemorySize): void
  /** When the version in use ends, in milliseconds; null while nobody knows. */
  watchVersion(version: { readonly endsAt: number | null }): void
}

/** What is in memory of Graph's answers, by kind. */
type MemorySize = Readonly<Record<'objects' | 'pages' | 'answers', Held>>
interface Held {
  readonly entries: number
  readonly bytes: number
}

export function createGraphMetrics(registry: Registry): GraphMetrics {
  const registers = [registry]
  const requests = new Histogram({
    name: 'mps_graph_request_seconds',
    help: 'HTTP requests to the Graph API.',
    labelNames: ['method', 'route', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const items = new Counter({
    name: 'mps_graph_batch_items_total',
    help: 'Calls that travelled inside a batch.',
    labelNames: ['route', 'outcome'],
    registers,
  })
  const events = new Counter({
    name: 'mps_graph_events_total',
    help: 'What the Graph client did by itself: calls not sent, breakers opened, retries, tokens given up.',
    labelNames: ['event', 'app_id'],
    registers,
  })
  const otherVersion = new Counter({
    name: 'mps_graph_other_version_total',
    help: 'Answers that came from another version of the Graph API than was asked: the one asked has ended, or will soon.',
    registers,
  })
  return {
    observeGraph: ({ method, route, ms, inBatch, answeredBy, errorKind: outcome = 'ok' }) => {
      if (answeredBy !== undefined) otherVersion.inc()
      if (inBatch) items.inc({ route, outcome })
      else requests.observe({ method, route, outcome }, ms / 1000)
    },
    countGraph: (event, appId) => events.inc({ event, app_id: appId }),
    watchBudgets: (readings) => void watch(registers, readings),
    watchVersion: (version) => void watchEnd(registers, version),
    watchMemory: (read) => {
      watchHeld(
        registers,
        { name: 'mps_memory_entries', help: 'Answers of Graph in memory.' },
        read,
        'entries',
      )
      watchHeld(registers, { name: 'mps_memory_bytes', help: 'Their size, roughly.' }, read, 'bytes')
    },
  }
}

function watchEnd(registers: Registry[], version: { readonly endsAt: number | null }): void {
  const end: Gauge = new Gauge({
    name: 'mps_graph_version_end_seconds',
    help: 'When the version of the Graph API in use ends, in seconds since 1970; +Inf while Meta has set no end.',
    registers,
    collect: () => void end.set(version.endsAt === null ? Infinity : version.endsAt / 1000),
  })
}

function watchHeld(
  registers: Registry[],
  named: { readonly name: string; readonly help: string },
  read: () => MemorySize,
  what: keyof Held,
): void {
  const held = new Gauge({
    ...named,
    labelNames: ['kind'],
    registers,
    collect: () => {
      for (const [kind, size] of Object.entries(read())) held.set({ kind }, size[what])
    },
  })
}

function watch(registers: Registry[], readings: Parameters<GraphMetrics['watchBudgets']>[0]): void {
  const budgets = new Gauge({
    name: 'mps_graph_budget_percent',
    help: 'The fullest of the Graph allowances of an app; Graph refuses at 100.',
    labelNames: ['app_id'],
    registers,
    collect: () => {
      for (const { appId, percent } of readings()) budgets.set({ app_id: appId }, percent)
    },
  })
}
