import type { DeadLetters } from '../dead-letters.ts'
import type { WebhookHealth } from '../health.ts'
import type { Leases } from '../leases.ts'
import type { EventLog } from '../log.ts'
import { withTail, type TailLimits, type Watched } from '../tail.ts'
import type { SharingStore } from '../sharings.ts'
import type { WriteStore } from '../writes.ts'
import { SqlDeadLetters } from './dead-letters.ts'
import { webhookHealth } from './health.ts'
import { SqlLeases } from './leases.ts'
import type { SqlLog } from './log.ts'
import { SqlSharings } from './sharings.ts'
import { SqlWrites } from './writes.ts'

/** Everything that the gateway keeps, in one database. */
export interface Store {
  readonly log: EventLog & Watched
  readonly writes: WriteStore
  readonly sharings: SharingStore
  readonly deadLetters: DeadLetters
  readonly leases: Leases
  webhookHealth(appId: string, now: number): Promise<WebhookHealth>
  close(): Promise<void>
}

export function storeOver(log: SqlLog, tail: Partial<TailLimits>): Store {
  const { sql } = log
  return {
    log: withTail(log, tail),
    writes: new SqlWrites(sql),
    sharings: new SqlSharings(sql),
    deadLetters: new SqlDeadLetters(sql),
    leases: new SqlLeases(sql, log),
    webhookHealth: (appId, now) => webhookHealth(sql, appId, now),
    close: () => log.close(),
  }
}
