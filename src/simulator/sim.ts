import type { Clock } from './clock.ts'
import type { Faults } from './faults/faults.ts'
import type { Meters } from './graph/meters.ts'
import type { Journal } from './server/journal.ts'
import type { Outbox } from './webhooks/outbox.ts'
import type { Stamp } from './webhooks/stamp.ts'
import type { Subscriptions } from './webhooks/subscriptions.ts'
import type { VerifyCallback } from './webhooks/verify.ts'
import type { World } from './world/rows.ts'
import type { Seed } from './world/seed.ts'

/** Everything one running simulator owns. A reset replaces `world` and empties the rest except `subscriptions` and `stamp`. */
export interface Sim {
  url: string
  world: World
  /** What a reset without a seed goes back to. */
  readonly seed: Seed
  readonly clock: Clock
  readonly subscriptions: Subscriptions
  readonly faults: Faults
  readonly journal: Journal
  readonly meters: Meters
  readonly outbox: Outbox
  readonly stamp: Stamp
  readonly verify: VerifyCallback
}
