import type { Credit, CreditLineRow } from './credit-rows.ts'
import type { PartnerSide } from './partner-side.ts'
import type { Settings } from './seed.ts'
import type { Standing } from './standing.ts'

// What the simulator stores. What it answers is shaped in ../nodes; the two are different on purpose.

export type Kind =
  | 'app'
  | 'business'
  | 'solution'
  | 'partner'
  | 'waba'
  | 'phone'
  | 'user'
  | 'creditLine'
  | 'allocation'
  | 'credential'
  | 'intent'
  | 'submission'
  | 'person'

export interface AppRow {
  readonly id: string
  readonly name: string
  readonly link: string
  readonly secret: string
  readonly verifyToken: string
  readonly businessId: string
  readonly systemUserId: string
  readonly requireAppSecret: boolean
}

export interface BusinessRow {
  readonly id: string
  readonly name: string
  readonly verificationStatus: string
  readonly createdAt: number
}

export type SolutionStatus = 'DRAFT' | 'INITIATED' | 'ACTIVE' | 'REJECTED' | 'DEACTIVATED'
export type PendingRequest = 'NONE' | 'PENDING_ACTIVATION' | 'PENDING_DEACTIVATION'
export type PartnerStatus = 'NOTIFICATION_SENT' | 'ACCEPTED' | 'REJECTED' | 'DEACTIVATED'

export interface SolutionRow {
  readonly id: string
  readonly name: string
  readonly ownerAppId: string
  readonly ownerTasks: readonly string[]
  readonly partnerIds: readonly string[]
  readonly status: SolutionStatus
  readonly pending: PendingRequest
}

export interface PartnerRow {
  readonly id: string
  readonly solutionId: string
  readonly appId: string
  readonly tasks: readonly string[]
  readonly status: PartnerStatus
}

export interface WabaRow {
  readonly id: string
  readonly name: string
  readonly currency: string
  readonly country: string
  readonly timezoneId: string
  readonly namespace: string
  readonly ownerBusinessId: string
  readonly sharedWith: readonly string[]
  readonly solutionIds: readonly string[]
  readonly phoneIds: readonly string[]
  /** Unix seconds. */
  readonly createdAt: number
  /** Asked for by the partner and not made in Embedded Signup: no business token opens it. */
  readonly partnerInitiated?: true
  /** App id to the callback override, null when there is none. */
  readonly subscribed: Map<string, string | null>
  /** System user id to tasks. */
  readonly assigned: Map<string, readonly string[]>
}

export interface PhoneRow {
  readonly id: string
  /** The accounts that list it, oldest first: several where each of a customer's partners has an account of its own. */
  readonly wabaIds: readonly string[]
  readonly displayNumber: string
  readonly verifiedName: string
  readonly registered: boolean
  readonly onboardedAt: number
}

export interface UserRow {
  readonly id: string
  readonly name: string
  readonly businessId: string
  readonly role: Role
}

/** Of a system user in its portfolio, as far as a rule here goes by it. */
export type Role = 'ADMIN' | 'EMPLOYEE' | 'FINANCE_EDITOR'

export interface TokenRow {
  readonly kind: 'system' | 'business' | 'user'
  readonly token: string
  readonly appId: string
  /** The portfolio the token speaks for: the app's own, or the customer's for a business token. */
  readonly businessId: string
  readonly issuedAt: number
  /** Unix seconds; for ever when left out. */
  readonly expiresAt?: number
  /** The subcode of 190 that it is refused with since it was taken back. */
  readonly revoked?: 458 | 467
  /** Permissions, when they are not the usual ones of the kind. */
  readonly scopes?: readonly string[]
  /** For a person's token: whose it is, and the apps that were picked at login. */
  readonly person?: { readonly id: string; readonly appIds: readonly string[] }
}

export interface World extends PartnerSide {
  readonly settings: Settings
  readonly kinds: Map<string, Kind>
  readonly nextId: (kind: Kind) => string
  readonly apps: Map<string, AppRow>
  readonly businesses: Map<string, BusinessRow>
  readonly solutions: Map<string, SolutionRow>
  readonly partners: Map<string, PartnerRow>
  readonly wabas: Map<string, WabaRow>
  readonly phones: Map<string, PhoneRow>
  readonly users: Map<string, UserRow>
  readonly creditLines: Map<string, CreditLineRow>
  readonly credit: Credit
  readonly tokens: Map<string, TokenRow>
  readonly standing: Standing
}
