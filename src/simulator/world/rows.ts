import type { Settings } from './seed.ts'

// What the simulator stores. What it answers is shaped in ../nodes; the two are different on purpose.

export type Kind = 'app' | 'business' | 'solution' | 'partner' | 'waba' | 'phone' | 'user' | 'creditLine'

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
  readonly fundingId?: string
  /** App id to the callback override, null when there is none. */
  readonly subscribed: Map<string, string | null>
  /** System user id to tasks. */
  readonly assigned: Map<string, readonly string[]>
}

export interface PhoneRow {
  readonly id: string
  readonly wabaId: string
  readonly displayNumber: string
  readonly verifiedName: string
  readonly registered: boolean
  readonly onboardedAt: number
}

export interface UserRow {
  readonly id: string
  readonly name: string
  readonly businessId: string
}

export interface CreditLineRow {
  readonly id: string
  readonly businessId: string
  readonly legalEntityName: string
}

export interface TokenRow {
  readonly kind: 'system' | 'business' | 'user'
  readonly token: string
  readonly appId: string
  /** The portfolio the token speaks for: the app's own, or the customer's for a business token. */
  readonly businessId: string
  readonly issuedAt: number
}

export interface World {
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
  readonly tokens: Map<string, TokenRow>
}
