import { accountOf as creditAccountOf } from '../credit/account.ts'
import { readFacts } from '../credit/facts.ts'
import { payerOf } from '../credit/guard.ts'
import { creditLinesOf } from '../credit/lines.ts'
import { shareCreditLine } from '../credit/share.ts'
import type { Ctx } from '../context.ts'
import type { CreditCurrency } from '../graph/endpoints/credit.ts'
import type { Account } from './account.ts'
import type { Changed } from './change.ts'
import type { Facts } from './facts.ts'
import { done, open, type Finding } from './step.ts'

/** Whether messages of the account are paid from a credit line of ours. */
export async function tellCredit({ ctx, account }: Facts): Promise<Finding> {
  const { app, wabaId } = await account()
  const lines = (await creditLinesOf(ctx, app)).map(({ id }) => id)
  if (lines.length === 0)
    return open(
      'NOT_NEEDED',
      null,
      "The app's business has no credit line: a Solution Partner shares its own.",
    )
  const facts = await readFacts(ctx, await creditAccountOf(ctx, app, wabaId), lines)
  const payer = payerOf(facts)
  if (payer) return done(await sharedAt(ctx, account, payer.id))
  if (facts.funding === null)
    return open(
      'UNKNOWN',
      'US',
      "What pays for the account cannot be told without the customer's business token.",
    )
  if (facts.funding.id === null)
    return open('TODO', 'US', 'Share a credit line with the customer (shareCreditLine).')
  return facts.takenLineIds.length > 0
    ? open(
        'FAILED',
        'US',
        'The line that the account had taken was revoked. Another one cannot take its place.',
      )
    : open('NOT_NEEDED', null, 'Something else pays for the account, and what pays cannot be changed.')
}

async function sharedAt(ctx: Ctx, account: Facts['account'], allocationId: string): Promise<number | null> {
  const { app, wabaId } = await account()
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  return stored.find((sharing) => sharing.allocationId === allocationId)?.sharedAt ?? null
}

/**
 * The line of ours that pays for the account although nobody has stored that it took it: whoever shared it died before
 * that. Null when all is as it should be, or cannot be told.
 */
export async function unrecordedLineOf(ctx: Ctx, { app, wabaId }: Account): Promise<string | null> {
  const lines = (await creditLinesOf(ctx, app)).map(({ id }) => id)
  const payer = payerOf(await readFacts(ctx, await creditAccountOf(ctx, app, wabaId), lines))
  if (!payer) return null
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  const isStored = stored.some(({ allocationId, attached }) => attached && allocationId === payer.id)
  return isStored ? null : payer.lineId
}

export interface CreditInput {
  readonly currency: CreditCurrency
  readonly creditLineId: string | null
}

/** With its prerequisite: our system user on the account, with what the solution allows. */
export async function shareCredit(ctx: Ctx, { app, wabaId }: Account, input: CreditInput): Promise<Changed> {
  const shared = await shareCreditLine(ctx, {
    ...input,
    wabaId,
    appId: app.appId,
    method: 'SHARE_AND_ATTACH',
    addSystemUser: true,
    switched: false,
    idempotencyKey: null,
  })
  return shared.type === 'Done' ? { made: wabaId } : shared
}
