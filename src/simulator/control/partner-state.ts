import type { Sim } from '../sim.ts'
import type { IntentRow } from '../world/intent.ts'
import { numberLife } from '../world/number.ts'
import {
  type BizApp,
  type Verification,
  type CodeRow,
  type OnboardingRow,
  type PersonRow,
} from '../world/partner-side.ts'
import type { PhoneRow } from '../world/rows.ts'
import type { SubmissionRow } from '../world/submission.ts'

export interface PhoneState {
  readonly id: string
  readonly displayPhoneNumber: string
  readonly registered: boolean
  readonly verification: Verification
  /** The code that was "sent", while it waits to be used. */
  readonly code?: string
  readonly pin?: string
  readonly region?: string
  /** In use with the WhatsApp Business app: since when (milliseconds), and which syncs were taken. */
  readonly bizApp?: BizApp
  /** The accounts that list it. */
  readonly wabaIds: readonly string[]
}

/** What onboarding and migration have left to play with. */
export interface PartnerState {
  /** Somebody of each Tech Provider, logged in on the first Solution Partner's page. */
  readonly people: readonly PersonRow[]
  /** Codes of Embedded Signup that were not exchanged yet. */
  readonly codes: readonly Omit<CodeRow, 'used'>[]
  readonly intents: readonly IntentRow[]
  readonly submissions: readonly SubmissionRow[]
  /** Customers brought in by each app, from which the rolling week is counted. */
  readonly onboardings: readonly OnboardingRow[]
}

export function phoneState({ world }: Sim, phone: PhoneRow): PhoneState {
  const { verification, code, pin, region, bizApp } = numberLife(world, phone.id)
  return {
    id: phone.id,
    displayPhoneNumber: phone.displayNumber,
    registered: phone.registered,
    verification,
    ...(code === undefined ? {} : { code }),
    ...(pin === undefined ? {} : { pin }),
    ...(region === undefined ? {} : { region }),
    ...(bizApp === undefined ? {} : { bizApp }),
    wabaIds: phone.wabaIds,
  }
}

export function partnerState({ world }: Sim): PartnerState {
  const codes = [...world.codes.values()].filter((row) => !row.used)
  return {
    people: [...world.people.values()],
    codes: codes.map(({ used: _never, ...row }) => row),
    intents: [...world.intents.values()],
    submissions: [...world.submissions.values()],
    onboardings: [...world.onboardings],
  }
}
