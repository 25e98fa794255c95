import type { IncomingMessage } from 'node:http'
import type { DeadLetters } from '../events/dead-letters.ts'
import type { NewEvent } from '../events/event.ts'

/** The event log, as far as webhooks need it. Resolves when all events of the call are durable, and rejects when none is. */
export interface Intake {
  append(events: readonly NewEvent[]): Promise<{ stored: number; duplicates: number }>
}

export interface WebhookApp {
  readonly appId: string
  /** There are several while a secret is being changed, because Meta changes its signature at once. */
  readonly appSecrets: readonly string[]
  readonly verifyTokens: readonly string[]
}

type WebhookCount =
  | 'received'
  | 'refused'
  | 'stored'
  | 'duplicate'
  | 'ignored'
  | 'malformed'
  | 'unknown'
  | 'unavailable'

/** Labels take only values that are known here: whoever could choose one could fill the memory of the metrics. */
export interface WebhookCounters {
  count(name: WebhookCount, labels: { appId: string; field?: string; reason?: string }, n?: number): void
  /** Counts the received changes of a field and the bytes of their values, stored or not. */
  countReceived(appId: string, field: string, changes: number, bytes: number): void
}

/** Whoever has sent a post. */
interface Sender {
  readonly address: string
  /** What counts as one sender. */
  readonly network: string
  /** Whether webhooks are taken from there. */
  readonly isAllowed: boolean
}

interface WebhookLog {
  warn(obj: object, msg: string): void
  error(obj: object, msg: string): void
}

export interface WebhookDeps {
  readonly apps: ReadonlyMap<string, WebhookApp>
  readonly intake: Intake
  readonly deadLetters: Pick<DeadLetters, 'add'>
  /** Counts a post of which no change, or not every change, is stored as an event. */
  readonly countUnstored: (appId: string, at: number, changes: number) => void
  readonly counters: WebhookCounters
  readonly log: WebhookLog
  readonly senderOf: (req: IncomingMessage) => Sender
  /** Milliseconds since 1970. */
  readonly now: () => number
}
