import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import { listAccountNumbers, type AccountNumber } from '../graph/endpoints/phone-numbers.ts'
import { listWhole } from '../graph/list-all.ts'
import type { Account } from './account.ts'

/** An account's numbers as they are now, all of them: what is not among them is not on the account. */
export async function lookAtNumbers(
  ctx: Ctx,
  { app, wabaId }: Pick<Account, 'app' | 'wabaId'>,
): Promise<readonly AccountNumber[]> {
  const read = (after: string | undefined) => ctx.graph.call(listAccountNumbers(wabaId, after), { app })
  return listWhole(read, 'The account has more phone numbers')
}

/** What is kept of a number in the audit of a change to it. */
export interface NumberState {
  readonly known: boolean
  readonly status: string | null
  readonly verification: string | null
}

export async function lookAtNumber(ctx: Ctx, account: Account, id: string): Promise<NumberState> {
  const number = (await lookAtNumbers(ctx, account)).find((one) => one.id === id)
  return {
    known: number !== undefined,
    status: number?.status ?? null,
    verification: number?.code_verification_status ?? null,
  }
}

// Meta's guide "Migrating customers off solutions": CONNECTED is a live number.
export const isConnected = ({ status }: { readonly status?: string | null | undefined }): boolean =>
  status === 'CONNECTED'

/** A number of another account is none of this one's, whoever owns both. */
export const refuseForeign = ({ known }: NumberState): Problem | null =>
  known ? null : gatewayProblem('NOT_FOUND', 'The account has no such phone number.')

export const refuseVerified = ({ verification }: Pick<NumberState, 'verification'>): Problem | null =>
  verification === 'VERIFIED'
    ? gatewayProblem('WRONG_STATE', 'The number is verified already.', false, { waitsFor: null })
    : null

// Meta's page "Error codes", 133006: it would cost one of ten requests to be told.
export const refuseUnverified = ({ verification }: Pick<NumberState, 'verification'>): Problem | null =>
  verification === 'NOT_VERIFIED'
    ? gatewayProblem(
        'WRONG_STATE',
        'The number is not verified: request a code and verify it before.',
        false,
        { help: 'registration' },
      )
    : null
