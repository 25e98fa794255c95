import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { unlessRefused } from '../graph/error.ts'
import { graphErrorsAsProblems, withSaid } from '../problems.ts'
import { outcomeUnknown } from '../writes/problems.ts'
import type { Account } from '../accounts/account.ts'
import { findSharer } from './find-sharer.ts'
import { assignSystemUser, lookAtSystemUser } from './assign-system-user.ts'
import { readFacts } from './facts.ts'
import { judgeSharing } from './guard.ts'
import { pickLine } from './lines.ts'
import { inOneStep, inTwoSteps } from './methods.ts'
import { refuseUnassigned } from './problems.ts'
import type { CreditReadBack } from './read-back.ts'
import { recallSharing, refuseOtherSharing } from './recall.ts'
import type { ShareInput } from './sharing.ts'

export type ShareResult = (CreditReadBack & { readonly type: 'Done'; readonly account: Account }) | Problem

/** Shares a line with an account once: look, decide, see to the prerequisite, write, read back with both tokens. */
export function shareCreditLine(ctx: Ctx, input: ShareInput): Promise<ShareResult> {
  return graphErrorsAsProblems(async () => {
    ctx.reads.renew()
    const known = await recallSharing(ctx, input)
    if (known && !('open' in known)) return known
    const sharer = await findSharer(ctx, input)
    if ('type' in sharer)
      return known && sharer.code === 'NOT_FOUND' ? withSaid(outcomeUnknown, known.open) : sharer
    const { account, lineIds } = sharer
    const lineId = pickLine(account.app, lineIds, input.creditLineId)
    if (typeof lineId !== 'string') return lineId
    if (account.isOwn) return ownAccount
    const facts = await readFacts(ctx, account, lineIds)
    const verdict = judgeSharing({ ...input, lineId }, facts, ctx.clock())
    if (typeof verdict === 'object' && 'refused' in verdict) return verdict.refused
    const other = await refuseOtherSharing(ctx, account, lineId, input)
    if (other) return other
    const missing = verdict === 'share' ? await needSystemUser(ctx, account, input) : null
    if (missing) return missing
    const method = input.method === 'SHARE_AND_ATTACH' ? inOneStep : inTwoSteps
    const done = await method(ctx, { account, lineIds, lineId, input, facts })
    return 'type' in done ? done : { type: 'Done', account, ...done }
  })
}

const ownAccount = gatewayProblem(
  'WRONG_STATE',
  "The account belongs to the app's own portfolio, and a line is shared with customers only.",
  false,
  { waitsFor: null, help: 'credit' },
)

/**
 * The prerequisite: our system user on the account. Only the first method is documented to need it, so for the second
 * Graph decides. What cannot be looked at, Graph decides as well.
 */
async function needSystemUser(
  ctx: Ctx,
  account: Account,
  { addSystemUser, method }: ShareInput,
): Promise<Problem | null> {
  if (addSystemUser) return assignSystemUser(ctx, account)
  if (method === 'SHARE_THEN_ATTACH') return null
  const present = await unlessRefused(lookAtSystemUser(ctx, account))
  return present === null || 'type' in present ? null : refuseUnassigned(present.userId, present.tasks)
}
