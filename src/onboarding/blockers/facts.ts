import type { HealthStatus } from '../../graph/shapes.ts'
import type { Step } from '../checklist/step.ts'
import type { Told } from './told.ts'

/** A number as Graph shows it. */
export interface NumberFacts {
  readonly id: string
  readonly displayNumber: string | null
  readonly status: string | null
  readonly verification: string | null
  readonly nameStatus: string | null
  readonly newNameStatus: string | null
  readonly quality: string | null
  readonly inApp: boolean | null
  readonly health: HealthStatus | null
}

/** An account as Graph shows it; null is what it does not show. */
export interface AccountFacts {
  readonly status: string | null
  readonly reviewStatus: string | null
  readonly verificationStatus: string | null
  readonly health: HealthStatus | null
}

/** Whatever the blockers of an account are told from. No part of it is read by them. */
export interface BlockerFacts {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly arrivedAt: number | null
  /** The app's business has a credit line, so it shares credit and verifies customers; null when that is not known. */
  readonly isSolutionPartner: boolean | null
  /** A solution brought the account. */
  readonly cameThroughSolution: boolean
  readonly steps: readonly Pick<Step, 'kind' | 'state' | 'reason' | 'waitsFor' | 'since'>[]
  /** Null when the account could not be read. */
  readonly account: AccountFacts | null
  /** Null when its numbers could not be read. */
  readonly numbers: readonly NumberFacts[] | null
  readonly told: Told
}
