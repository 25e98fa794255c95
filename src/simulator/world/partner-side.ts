import type { IntentRow } from './intent.ts'
import type { SubmissionRow } from './submission.ts'

/** `EXPIRED` is what third parties have seen on numbers in use; it comes by control only. */
export const verifications = ['VERIFIED', 'NOT_VERIFIED', 'EXPIRED'] as const

/** Meta's page "Onboarding WhatsApp Business app users". */
export const syncTypes = ['smb_app_state_sync', 'history'] as const

export type SyncType = (typeof syncTypes)[number]

export type Verification = (typeof verifications)[number]

export interface BizApp {
  /** Milliseconds of the simulator's clock: each sync is taken once, within 24 hours. */
  readonly onboardedAt: number
  readonly synced: readonly SyncType[]
}

/** What happened to a business phone number beside the row that names it. */
export interface NumberLife {
  readonly verification: Verification
  /** The code last sent to the phone; gone once it was used. */
  readonly code?: string
  readonly pin?: string
  /** `data_localization_region`, settable when the number is not registered. */
  readonly region?: string
  /** Register and deregister requests that count, in milliseconds of the simulator's clock. */
  readonly requests: readonly number[]
  /** Milliseconds; registering is refused until then. */
  readonly lockedUntil: number
  /** Callback override by app id. */
  readonly overrides: ReadonlyMap<string, string>
  /** The number under another account that this one takes the place of, until it is registered. */
  readonly replaces?: string
  /** The portfolio of the partner that registered it; undefined when it came registered. */
  readonly registeredBy?: string
  /** It is used with the WhatsApp Business app as well ("coexistence"). */
  readonly bizApp?: BizApp
}

/** A code of Embedded Signup: for one app and one customer, once, for half a minute. */
export interface CodeRow {
  readonly code: string
  readonly appId: string
  readonly businessId: string
  /** Milliseconds of the simulator's clock. */
  readonly issuedAt: number
  readonly used: boolean
  /** With which the dialog was opened; one of the SDK's pop-up has none. */
  readonly redirectUri?: string
}

/** Somebody who works at a Tech Provider and logs in on a Solution Partner's page. */
export interface PersonRow {
  readonly id: string
  readonly name: string
  /** The apps that this person picked when logging in. */
  readonly appIds: readonly string[]
  readonly token: string
}

/** One customer brought in by one app; the rolling week is counted from these. */
export interface OnboardingRow {
  readonly appId: string
  readonly businessId: string
  readonly newToPlatform: boolean
  /** Milliseconds of the simulator's clock. */
  readonly at: number
}

/** What onboarding and migration leave behind. */
export interface PartnerSide {
  /** By phone number id; a number that is not in it is as Embedded Signup leaves it. */
  readonly numbers: Map<string, NumberLife>
  readonly codes: Map<string, CodeRow>
  /** Solutions that a person's token created. */
  readonly embedded: Set<string>
  readonly people: Map<string, PersonRow>
  readonly intents: Map<string, IntentRow>
  readonly submissions: Map<string, SubmissionRow>
  readonly onboardings: OnboardingRow[]
}

export const emptyPartnerSide = (): PartnerSide => ({
  numbers: new Map(),
  codes: new Map(),
  embedded: new Set(),
  people: new Map(),
  intents: new Map(),
  submissions: new Map(),
  onboardings: [],
})
