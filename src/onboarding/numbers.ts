import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import { listAccountNumbers, type AccountNumber } from '../graph/endpoints/phone-numbers.ts'
import type { Account } from './account.ts'

const mostPages = 20

/** An account's numbers as they are now. */
export async function lookAtNumbers(
  ctx: Ctx,
  { app, wabaId }: Pick<Account, 'app' | 'wabaId'>,
): Promise<readonly AccountNumber[]> {
  const numbers: AccountNumber[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await ctx.graph.call(listAccountNumbers(wabaId, after), { app })
    numbers.push(...answer.data)
    after = answer.after ?? undefined
    if (after === undefined) break
  }
  return numbers
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
