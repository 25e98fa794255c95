import type { Ctx } from '../context.ts'
import { listAssignedUsers } from '../graph/endpoints/assigned-users.ts'
import { GraphError } from '../graph/error.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { accountOf } from '../accounts/account.ts'
import { systemUserOf } from '../system-users/own-system-user.ts'
import { statusOfAllocation, type Allocation } from './allocation.ts'
import { openAgainAt, judgeSharing, payingAllocation } from './guard.ts'
import { readFacts } from './facts.ts'
import { creditLinesOf } from './lines.ts'
import { noCreditLine, refuseUnassigned } from './problems.ts'

export const creditActions = ['SHARE', 'REVOKE'] as const
export type CreditAction = (typeof creditActions)[number]

export interface CreditActionState {
  readonly action: CreditAction
  readonly appId: string
  /** Why not; null when it may be taken. */
  readonly reason: string | null
  readonly notice: string
}

// Both from Meta's page "Share and revoke credit lines".
const notices: Record<CreditAction, string> = {
  SHARE:
    'The business of this app becomes the bill-to party of the account: it owes Meta for all that the account spends, and ' +
    'the line cannot be changed afterwards.',
  REVOKE:
    'It takes the line from every account of the receiving business that is shared with this app’s, not from one.',
}

/** Whether a line may be shared with the account now, as far as that can be known without trying. */
export async function sharingState(ctx: Ctx, waba: NodeHandle<'ClientWaba'>): Promise<CreditActionState> {
  const { app } = waba.viewer
  const [reason, missing] = await Promise.all([whyNotShare(ctx, waba), whatIsMissing(ctx, waba)])
  const notice = [notices.SHARE, missing, blockedDays(ctx.clock())].filter((text) => text !== null).join(' ')
  return { action: 'SHARE', appId: app.appId, reason, notice }
}

function whyNotShare(ctx: Ctx, { id, viewer: { app } }: NodeHandle<'ClientWaba'>): Promise<string | null> {
  return whyNot(async () => {
    const lines = (await creditLinesOf(ctx, app)).map((line) => line.id)
    const [first] = lines
    if (first === undefined) return noCreditLine(app.appId).message
    const facts = await readFacts(ctx, await accountOf(ctx, app, id), lines)
    const lineId =
      lines.find((line) => facts.taken.some(({ lineId: taken }) => taken === line)) ??
      payingAllocation(facts)?.lineId ??
      first
    const verdict = judgeSharing({ lineId, currency: null, switched: false }, facts, ctx.clock())
    if (verdict === 'share') return null
    return 'refused' in verdict
      ? verdict.refused.message
      : `The account has taken the line already (allocation ${verdict.already}).`
  })
}

/** It can be shared all the same, by who says so. What cannot be read, is not told. */
async function whatIsMissing(
  ctx: Ctx,
  { id, viewer: { app } }: NodeHandle<'ClientWaba'>,
): Promise<string | null> {
  try {
    const userId = await systemUserOf(ctx, app)
    if (typeof userId !== 'string') return null
    const { data, after } = await ctx.reads.call(listAssignedUsers(id, app.businessId), { app })
    const user = data.find((one) => one.id === userId)
    // On a page that was not read it may be.
    if (!user && after !== null) return null
    return refuseUnassigned(userId, user?.tasks ?? null)?.message ?? null
  } catch (error) {
    if (error instanceof GraphError) return null
    throw error
  }
}

/** Whether this customer switched, Graph does not tell. */
function blockedDays(now: number): string | null {
  const opens = openAgainAt(now)
  if (opens === null) return null
  const day = new Date(opens).toISOString().slice(0, 10)
  return `A customer who comes from another Solution Partner can take it from ${day} on.`
}

export async function revokingState(ctx: Ctx, allocation: Allocation): Promise<CreditActionState> {
  const reason = await whyNot(async () =>
    (await statusOfAllocation(ctx, allocation)) === 'REVOKED' ? 'It is revoked already.' : null,
  )
  return { action: 'REVOKE', appId: allocation.app.appId, reason, notice: notices.REVOKE }
}

/** What Graph refuses to show it would refuse to change: the system user's role, or a permission that is missing. */
async function whyNot(look: () => Promise<string | null>): Promise<string | null> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof GraphError && !error.transient) return error.message
    throw error
  }
}
