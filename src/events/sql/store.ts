import type { DeadLetters } from '../dead-letters.ts'
import { accountWebhookHealth, type AccountWebhookHealth } from './account-health.ts'
import { noteSubscription, UnstoredCounter, type WebhookHealth, webhookHealth } from './health.ts'
import type { DatabaseServer } from '../database-server.ts'
import type { DocumentStore } from '../documents.ts'
import type { Leases } from '../leases.ts'
import type { EventLog } from '../log.ts'
import { withTail, type TailLimits, type ObservableLog } from '../tail.ts'
import type { SharingStore } from '../sharings.ts'
import type { TokenStore } from '../tokens.ts'
import type { WriteStore } from '../writes.ts'
import type { StoreVersion } from './refusal.ts'
import type { Sql } from './sql.ts'
import { SqlDeadLetters } from './dead-letters.ts'
import { SqlLeases } from './leases.ts'
import { SqlDocuments } from './documents.ts'
import type { SqlLog } from './log.ts'
import { SqlSharings } from './sharings.ts'
import { withClock } from './sql.ts'
import { SqlTokens } from './tokens.ts'
import { SqlWrites } from './writes.ts'

/** Everything that the gateway stores, in one database. */
export interface Store {
  readonly log: EventLog & ObservableLog
  readonly writes: WriteStore
  readonly sharings: SharingStore
  readonly deadLetters: DeadLetters
  readonly leases: Leases
  readonly tokens: TokenStore
  readonly documents: DocumentStore
  /** The store's own time, in milliseconds since 1970: the one that all instances share. */
  now(): Promise<number>
  webhookHealth(appId: string, now: number): Promise<WebhookHealth>
  accountWebhookHealth(appId: string, wabaId: string, now: number): Promise<AccountWebhookHealth>
  /** Counts a post of which no change, or not every change, becomes an event. The count is written within seconds. */
  countUnstoredWebhook(appId: string, at: number, changes: number): void
  /** Stores for which fields Graph would send the app no webhook. */
  noteSubscription(appId: string, missingFields: readonly string[], at: number): Promise<void>
  /** Which version it has, and which release has brought it there: a newer one, after a way back. */
  version(): Promise<StoreVersion>
  /** The server that several instances share; null where one gateway has the store for itself. */
  server(): Promise<DatabaseServer | null>
  close(): Promise<void>
}

export interface StoreParts {
  readonly tail: Partial<TailLimits>
  /** Set by tests: what counts for writes as the store's time. */
  readonly clock?: (() => number) | undefined
}

export function storeOver(log: SqlLog, { tail, clock }: StoreParts): Store {
  const sql = clock ? withClock(log.sql, clock) : log.sql
  const sightings = new UnstoredCounter(sql)
  return {
    log: withTail(log, tail),
    writes: new SqlWrites(sql),
    sharings: new SqlSharings(sql),
    deadLetters: new SqlDeadLetters(sql),
    leases: new SqlLeases(log.sql, log),
    tokens: new SqlTokens(sql),
    documents: new SqlDocuments(sql),
    now: async () => {
      const [row] = await sql.read(`SELECT ${sql.now} AS now`)
      return Number(row?.['now'])
    },
    webhookHealth: async (appId, now) => {
      await sightings.write()
      return webhookHealth(sql, appId, now)
    },
    accountWebhookHealth: async (appId, wabaId, now) => {
      await log.accounts.write()
      return accountWebhookHealth(sql, appId, wabaId, now)
    },
    countUnstoredWebhook: (appId, at, changes) => sightings.count(appId, at, changes),
    noteSubscription: (appId, missing, at) => noteSubscription(sql, appId, missing, at),
    version: () => readVersion(sql),
    server: () => log.server(),
    close: async () => {
      await Promise.all([sightings.write(), log.accounts.write()])
      await log.close()
    },
  }
}

async function readVersion(sql: Sql): Promise<StoreVersion> {
  const [row] = await sql.read(`SELECT ${sql.version} AS version, compatible_from, upgraded_by FROM log`)
  return {
    version: Number(row?.['version']),
    compatibleFrom: Number(row?.['compatible_from']),
    upgradedBy: String(row?.['upgraded_by']),
  }
}
