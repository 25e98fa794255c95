import type { Ctx } from '../context.ts'
import type { TokenKind } from '../graph/endpoint.ts'
import { readFunding, type Funding } from '../graph/endpoints/credit.ts'
import { GraphError } from '../graph/error.ts'
import { unlessRefused } from '../graph/outcome-of.ts'
import { accountOf, asCustomer, type Account } from './account.ts'
import type { Allocation } from './allocation.ts'

export interface FundingRead {
  readonly funding: Funding
  /** The token that opens the account. */
  readonly token: Extract<TokenKind, 'system' | 'business'>
}

/**
 * What pays for the account, by the business token. Where that opens nothing, and no solution brought the account, it may
 * be one of partner-initiated creation, which the system token opens: the guide of that name.
 */
export async function fundingOf(ctx: Ctx, account: Account): Promise<FundingRead> {
  const { app, wabaId } = account
  try {
    const funding = await ctx.reads.call(readFunding(wabaId, 'business'), asCustomer(account))
    return { funding, token: 'business' }
  } catch (error) {
    const brought = (account.customer?.solutionId ?? null) !== null
    if (!(error instanceof GraphError) || error.transient || brought) throw error
    const bySystem = ctx.reads.call(readFunding(wabaId, 'system'), { app })
    const funding = await bySystem.catch((other: unknown) => {
      // Why the customer's token opens nothing says more than that the system token does not either.
      throw other instanceof GraphError && other.transient ? other : error
    })
    return { funding, token: 'system' }
  }
}

/** Null when it cannot be told. */
export const fundingIfKnown = (ctx: Ctx, account: Account): Promise<FundingRead | null> =>
  unlessRefused(fundingOf(ctx, account))

/** Whether the allocation pays for the account. Two tokens read it, in one tick. Null when it cannot be told. */
export async function funds(ctx: Ctx, allocation: Allocation, wabaId: string): Promise<boolean | null> {
  const account = await accountOf(ctx, allocation.app, wabaId)
  const [node, read] = await Promise.all([allocation.node(ctx), fundingIfKnown(ctx, account)])
  const credential = node.receiving_credential?.id
  if (!read || credential === undefined) return null
  return read.funding.primary_funding_id === credential
}
