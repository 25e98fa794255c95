import type { CreditCurrencyEnum } from '../graph/endpoints/credit.ts'
import type { Account } from '../accounts/account.ts'
import type { Known } from './facts.ts'

export const sharingMethods = ['SHARE_AND_ATTACH', 'SHARE_THEN_ATTACH'] as const
export type SharingMethod = (typeof sharingMethods)[number]

export interface ShareInput {
  readonly wabaId: string
  readonly appId: string | null
  readonly creditLineId: string | null
  readonly currency: CreditCurrencyEnum
  readonly method: SharingMethod
  readonly addSystemUser: boolean
  readonly switched: boolean
  readonly idempotencyKey: string | null
}

/** A line that is to be shared with an account, and what is known before. */
export interface Share {
  readonly account: Account
  /** Lines of the app's business. */
  readonly lineIds: readonly string[]
  readonly lineId: string
  readonly input: {
    readonly currency: CreditCurrencyEnum
    readonly method: string
    readonly switched: boolean
    readonly idempotencyKey: string | null
  }
  readonly facts: Known
}
