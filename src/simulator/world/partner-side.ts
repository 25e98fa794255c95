import type { IntentRow } from './intent.ts'
import type { NumberLife } from './number.ts'
import type { SubmissionRow } from './submission.ts'

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
