import { asCustomer } from '../credit/account.ts'
import { fundingOf } from '../credit/funding.ts'
import type { Ctx } from '../context.ts'
import type { TokenKind } from '../graph/endpoint.ts'
import { readFunding } from '../graph/endpoints/credit.ts'
import { GraphError } from '../graph/error.ts'
import type { Account } from './account.ts'

type Opens = Extract<TokenKind, 'business' | 'system'>

/**
 * The token that opens the account: the customer's, but for an account of partner-initiated creation, on which it does
 * not work and the system token does (the guide of that name). No page says how to tell one, so where no solution
 * brought the account it is tried.
 */
export async function tokenThatOpens(ctx: Ctx, account: Account): Promise<Opens> {
  const { customer, wabaId } = account
  if (customer === null || customer.solutionId === null) return (await fundingOf(ctx, account)).token
  await ctx.reads.call(readFunding(wabaId, 'business'), asCustomer(account))
  return 'business'
}

/** What cannot be told now, the write itself will. `mustExist`: one that counts is not tried without a token. */
export async function tokenForWrite(ctx: Ctx, account: Account, mustExist = false): Promise<Opens> {
  try {
    return await tokenThatOpens(ctx, account)
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    if (mustExist && error.kind === 'token') return afterTokenFailure(ctx, account)
    return 'business'
  }
}

/** One that Graph refused has been given up, and another is asked for. */
async function afterTokenFailure(ctx: Ctx, account: Account): Promise<Opens> {
  try {
    ctx.reads.renew()
    return await tokenThatOpens(ctx, account)
  } catch (error) {
    if (error instanceof GraphError && error.kind !== 'token') return 'business'
    throw error
  }
}
