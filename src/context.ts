import type { Logger } from 'pino'
import type { Actor } from './access/authenticate.ts'
import type { Clock, OwnTime } from './lib/clock.ts'
import type { AppConfig, Config } from './config/config.ts'
import type { DeadLetters } from './events/dead-letters.ts'
import type { AccountWebhookHealth } from './events/sql/account-health.ts'
import type { WebhookHealth } from './events/sql/health.ts'
import type { Instance } from './events/instance.ts'
import type { EventLog } from './events/log.ts'
import type { Graph } from './graph/graph.ts'
import type { Tally } from './graph/endpoint.ts'
import type { EventReads } from './reads/event-reads.ts'
import type { Reads } from './reads/reads.ts'
import type { SharingStore } from './events/sharings.ts'
import type { WriteStore } from './events/writes.ts'
import type { Documents } from './lib/documents.ts'

/** What every verb and resolver takes: who asks, and the parts it may use. */
export interface Ctx {
  readonly actor: Actor
  /** Every app that the gateway holds credentials for, whoever calls. */
  readonly apps: readonly AppConfig[]
  readonly graph: Graph
  /** What this operation has cost at Graph so far. */
  readonly cost: Tally
  /** Batched reads of this operation; renewed for each event of a subscription. */
  readonly reads: Reads
  /** Reads that the subscribers of one event share. */
  readonly eventReads: EventReads
  readonly streamPosition: StreamPosition
  /** After how many quiet milliseconds the `events` stream sends a heartbeat. */
  readonly heartbeatMs: number
  /** Hosts that webhooks of customers may be sent to. */
  readonly overrideHosts: readonly string[]
  /** What is done by itself when a customer has shared an account. */
  readonly autoOnboard: Config['autoOnboard']
  /** Where redirect dialogs of Embedded Signup may have ended. */
  readonly redirectUris: readonly string[]
  /** New customers that Meta allows in a week, where an app has no figure of its own; null when nobody has said. */
  readonly onboardingWeeklyLimit: number | null
  readonly log: EventLog
  readonly writes: WriteStore
  /** Who took which credit line. */
  readonly sharings: SharingStore
  /** Uploaded, and not submitted yet. */
  readonly documents: Documents
  /** This process among those on one store. */
  readonly instance: Pick<Instance, 'id' | 'announce' | 'isAlive'>
  readonly deadLetters: DeadLetters
  readonly webhookHealth: (appId: string, now: number) => Promise<WebhookHealth>
  readonly accountWebhookHealth: (appId: string, wabaId: string, now: number) => Promise<AccountWebhookHealth>
  /** The time that all instances share: the store's. */
  readonly clock: Clock
  /** The same by whichever measurement of the last minutes makes it earliest, in case the store's clock was set ahead. */
  readonly earliest: Clock
  /** The time of this process. */
  readonly time: OwnTime
  readonly logger: Logger
  /** Ends when the client has gone. */
  readonly signal: AbortSignal
  /** Ends when the gateway stops: streams complete. */
  readonly draining: AbortSignal
}

/** Where a subscription stands in the event log. */
export interface StreamPosition {
  /** What the client had last, as it says when it connects again (`Last-Event-ID`); null on a first connection. */
  readonly resumeFrom: string | null
  /** Cursor of the item that is being sent. */
  cursor: string | null
}

/** The caller's app with this id, or null when there is none that the caller may use. */
export function appOf(ctx: Pick<Ctx, 'actor'>, appId: string): AppConfig | null {
  return ctx.actor.apps.find((app) => app.appId === appId) ?? null
}

/** The caller's apps that may be meant: the one with this id, or all. */
export function appsNamed(ctx: Pick<Ctx, 'actor'>, appId: string | null): readonly AppConfig[] {
  return ctx.actor.apps.filter((app) => appId === null || app.appId === appId)
}

export function appIdsOf(ctx: Pick<Ctx, 'actor'>): readonly string[] {
  return ctx.actor.apps.map((app) => app.appId)
}
