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
export async function tokenThatOpens(ctx: Ctx, { app, wabaId, viewer }: Account): Promise<Opens> {
  const customer = viewer.customer ?? null
  if (customer === null || customer.solutionId === null)
    return (await fundingOf(ctx, { app, wabaId, customer })).token
  await ctx.reads.call(readFunding(wabaId, 'business'), viewer)
  return 'business'
}

/** What cannot be told now, the write itself will. */
export async function tokenForWrite(ctx: Ctx, account: Account): Promise<Opens> {
  try {
    return await tokenThatOpens(ctx, account)
  } catch (error) {
    if (error instanceof GraphError) return 'business'
    throw error
  }
}
