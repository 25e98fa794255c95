import type { DeadLetters } from '../events/dead-letters.ts'
import type { NewEvent } from '../events/event.ts'

/** Where kept changes go. Resolves when they are durable, all of one call or none; rejects when the store cannot. */
export interface Intake {
  append(events: readonly NewEvent[]): Promise<{ stored: number; duplicates: number }>
}

export interface WebhookApp {
  readonly appId: string
  /** More than one while a secret is being changed: Meta switches signing at once. */
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

/** Labels only take values known here: a name from outside would let its sender fill the memory of the metrics. */
export interface WebhookCounters {
  count(name: WebhookCount, labels: { appId: string; field?: string; reason?: string }, n?: number): void
  /** Changes of a field that came, whatever becomes of them, and the bytes of their values. */
  came(appId: string, field: string, changes: number, bytes: number): void
}

interface WebhookLog {
  warn(obj: object, msg: string): void
  error(obj: object, msg: string): void
}

export interface WebhookDeps {
  readonly apps: ReadonlyMap<string, WebhookApp>
  readonly intake: Intake
  readonly deadLetters: Pick<DeadLetters, 'add'>
  /** Counts a post whose changes, or some of them, are not kept. */
  readonly saw: (appId: string, at: number, changes: number) => void
  readonly counters: WebhookCounters
  readonly log: WebhookLog
  /** Milliseconds since 1970. */
  readonly now: () => number
}
