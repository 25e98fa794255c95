import type { Ctx } from '../context.ts'
import type { TokenKind } from '../graph/viewer.ts'
import { GraphError } from '../graph/error.ts'
import { openAccount } from './funding.ts'
import type { Account } from './account.ts'

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
