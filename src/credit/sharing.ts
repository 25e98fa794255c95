import type { CreditCurrency } from '../graph/endpoints/credit.ts'
import type { Account } from '../accounts/account.ts'
import type { Known } from './facts.ts'

/** A line that is to be shared with an account, and what is known before. */
export interface Share {
  readonly account: Account
  /** Lines of the app's business. */
  readonly lineIds: readonly string[]
  readonly lineId: string
  readonly input: {
    readonly currency: CreditCurrency
    readonly method: string
    readonly switched: boolean
    readonly idempotencyKey: string | null
  }
  readonly facts: Known
}
