import type { Ctx } from '../context.ts'
import type { TokenKind } from '../graph/viewer.ts'
import { GraphError, unlessRefused } from '../graph/error.ts'
import { type Account, viewerOfAccount } from './account.ts'
import { readFunding } from '../graph/endpoints/credit.ts'
import type { WabaNode } from '../graph/nodes.ts'
import { isRefusal } from '../reads/unsupported-fields.ts'

type Opens = Extract<TokenKind, 'business' | 'system'>

/** The token that opens the account: whether one does is tried, since no page says how to tell. */
export async function tokenThatOpens(ctx: Ctx, account: Account): Promise<Opens> {
  return (await openAccount(ctx, account)).token
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

export interface FundingRead {
  readonly funding: Pick<Partial<WabaNode>, 'primary_funding_id' | 'currency'>
  /** The token that opens the account. */
  readonly token: Extract<TokenKind, 'system' | 'business'>
}

/** An account as the token that opens it shows it. */
interface Opened extends FundingRead {
  /** Why what pays could not be read although the account could. */
  readonly failure: GraphError | null
}

/**
 * The business token opens an account, but for one of partner-initiated creation (the guide of that name), which may be any
 * that no solution brought, and one of our own portfolio ("Manage accounts"): those the system token opens.
 */
async function openAccount(ctx: Ctx, account: Account): Promise<Opened> {
  if (account.isOwn) return openOurs(ctx, account)
  try {
    return await openAsCustomer(ctx, account)
  } catch (error) {
    const brought = (account.customer?.solutionId ?? null) !== null
    if (!(error instanceof GraphError) || error.transient || brought || isRefusal(error)) throw error
    return openOurs(ctx, account).catch((other: unknown) => {
      // Why the customer's token opens nothing says more than that the system token does not either.
      throw other instanceof GraphError && other.transient ? other : error
    })
  }
}

/** What Graph refuses of the app is remembered, and asked for once. */
async function openAsCustomer(ctx: Ctx, account: Account): Promise<Opened> {
  // Without one the rest of the account is read all the same, by the system token, which says nothing of the customer's.
  if (account.customer === null)
    throw new GraphError('token', "This needs a customer's business token, and no customer is known.")
  const fields = ['currency', 'primary_funding_id']
  const { node, failures } = await ctx.reads.read(
    'ClientWaba',
    account.wabaId,
    viewerOfAccount(account),
    fields,
  )
  const failure = failures.get('primary_funding_id') ?? null
  return { funding: node as Partial<WabaNode>, token: 'business', failure }
}

async function openOurs(ctx: Ctx, { app, wabaId }: Account): Promise<Opened> {
  const funding = await ctx.reads.call(readFunding(wabaId, 'system'), { app })
  return { funding, token: 'system', failure: null }
}

/** What pays for the account. */
async function fundingOf(ctx: Ctx, account: Account): Promise<FundingRead> {
  ctx.reads.assertSupported('ClientWaba', 'primary_funding_id', viewerOfAccount(account))
  const { failure, ...read } = await openAccount(ctx, account)
  if (failure) throw failure
  return read
}

/** Null when it cannot be told. */
export const fundingIfKnown = (ctx: Ctx, account: Account): Promise<FundingRead | null> =>
  unlessRefused(fundingOf(ctx, account))

/**
 * Whether anything pays for the account: a credit line or a payment method of the customer's own. Meta's guide on messages
 * in the new account model: no `primary_funding_id`, no payment method. Null when it cannot be told.
 */
export async function isFunded(ctx: Ctx, account: Account): Promise<boolean | null> {
  const read = await fundingIfKnown(ctx, account)
  return read && (read.funding.primary_funding_id ?? '') !== ''
}
