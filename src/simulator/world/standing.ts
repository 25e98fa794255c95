import type { JsonObject } from '../json.ts'

/** A restriction of an account, as `restriction_info` of the webhook `account_update` has it. */
export interface Restriction {
  readonly type: string
  /** Unix seconds; for ever when left out. */
  readonly expiration?: number
}

/** What Meta's reviews and checks say of an account, where it is not the usual. */
export interface WabaStanding {
  readonly status?: string
  readonly reviewStatus?: string
  /** A payment method of the customer's own. */
  readonly paymentId?: string | undefined
  readonly restrictions?: readonly Restriction[]
  /** Fields of Graph's that are empty otherwise. */
  readonly fields?: JsonObject
}

/** The same of a number. */
export interface NumberStanding {
  readonly status?: string
  readonly nameStatus?: string
  /** The name that waits for its review. */
  readonly newDisplayName?: string | undefined
  readonly newNameStatus?: string
  readonly quality?: string
  readonly throughput?: string
  readonly accountMode?: string
  readonly official?: boolean
}

export interface Standing {
  /** By account. */
  readonly wabas: Map<string, WabaStanding>
  /** By phone number. */
  readonly numbers: Map<string, NumberStanding>
  /** By portfolio, which Meta counts them by. */
  readonly messagingLimits: Map<string, string>
  /** By the id of an entity: what `health_status` says of it in place of what follows from the world. */
  readonly health: Map<string, JsonObject>
}

export const emptyStanding = (): Standing => ({
  wabas: new Map(),
  numbers: new Map(),
  messagingLimits: new Map(),
  health: new Map(),
})

/** Whether a restriction is in force, at an instant in unix seconds. */
export const isInForce = ({ expiration }: Restriction, now: number): boolean =>
  expiration === undefined || expiration > now
