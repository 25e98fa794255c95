import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { Attachment } from '../graph/endpoints/credit.ts'
import { runWrite } from '../writes/run.ts'
import type { Done, LookUp, Sent, Write } from '../writes/write.ts'
import { aboutOf } from '../accounts/account.ts'
import { readFacts } from './facts.ts'
import { judgeSharing, payerOf } from './guard.ts'
import { readBackSharing, type ReadBack } from './read-back.ts'
import { remember } from './remember.ts'
import type { Share } from './sharing.ts'

interface Before {
  /** What paid for the account; null when nothing did, or nobody could tell. */
  readonly fundingId: string | null
}
type Refusal = { readonly already: string } | Problem
type Send = (attachment: Attachment) => Promise<Sent>

/** One name for both methods: of two that are asked for at once, one is sent. */
export const sharingVerb = 'share_credit_line'

type Sought = Pick<Share['input'], 'currency' | 'method'> & { readonly wabaId: string }

/** What makes it another sharing under one key. */
export const sharingInput = (lineId: string, { wabaId, currency, method }: Sought) => [
  wabaId,
  lineId,
  currency,
  method,
]

/** The write that makes an account take a line, by either method. */
export async function attach(ctx: Ctx, share: Share, send: Send): Promise<ReadBack | Problem> {
  const write = writeOf(ctx, share, send)
  const outcome = await runWrite(ctx, write)
  if ('problem' in outcome) return outcome.problem
  if ('refused' in outcome)
    return 'type' in outcome.refused ? outcome.refused : finish(ctx, share, outcome.refused.already)
  const done = await finish(ctx, share, outcome.createdId)
  await tell(share, outcome, done)
  return done
}

function writeOf(ctx: Ctx, share: Share, send: Send): Write<Before, Refusal> {
  const { account, lineId, input } = share
  const { wabaId } = account
  return {
    app: account.app,
    verb: sharingVerb,
    object: `waba:${wabaId}`,
    key: input.idempotencyKey,
    input: sharingInput(lineId, { ...input, wabaId }),
    about: aboutOf(account),
    prepare: () => prepare(ctx, share),
    send: () => send({ creditLineId: lineId, wabaId, currency: input.currency }),
    lookUpOutcome: () => find(ctx, share),
    publishes: (createdId) => ({ kind: 'CREDIT_SHARED', after: afterOf(share, createdId) }),
  }
}

/** Looked at anew: between the first look and this one, another gateway may have done it. */
async function prepare(ctx: Ctx, share: Share): ReturnType<Write<Before, Refusal>['prepare']> {
  ctx.reads.renew()
  const facts = await readFacts(ctx, share.account, share.lineIds)
  const verdict = judgeSharing({ ...share.input, lineId: share.lineId }, facts, ctx.clock())
  if (verdict === 'share') return { before: { fundingId: facts.funding?.id ?? null } }
  return { refused: 'refused' in verdict ? verdict.refused : verdict }
}

/**
 * By what pays for the account. An allocation alone says nothing of this account, since others of the business share it;
 * and the old line pays for a customer who switched until the month ends.
 */
async function find(ctx: Ctx, { account, lineId, lineIds, input }: Share): Promise<LookUp> {
  ctx.reads.renew()
  const facts = await readFacts(ctx, account, lineIds)
  const paying = payerOf(facts)
  if (paying?.lineId === lineId) return { createdId: paying.id }
  const told = facts.funding !== null && !input.switched
  const isShared = account.customer === null || facts.active.some((one) => one.lineId === lineId)
  return told || !isShared ? 'not-made' : 'unknown'
}

/** What was done is kept before it is read back: no other place tells these ids once the account is unshared. */
export async function finish(
  ctx: Ctx,
  share: Pick<Share, 'account' | 'lineId'>,
  allocationId: string,
): Promise<ReadBack> {
  const { app, wabaId, customer } = share.account
  const keep = async (businessId: string): Promise<void> => {
    const ids = { appId: app.appId, allocationId, wabaId, businessId, creditLineId: share.lineId }
    await remember(ctx, { ...ids, attached: true })
  }
  if (customer) await keep(customer.businessId)
  const done = await readBackSharing(ctx, share.account, allocationId)
  if (done.businessId !== null && done.businessId !== customer?.businessId) await keep(done.businessId)
  return done
}

const afterOf = ({ lineId: creditLineId, input: { currency, method } }: Share, allocationId: string) => ({
  allocationId,
  creditLineId,
  currency,
  method,
})

function tell(share: Share, outcome: Done, { businessId, status, verified }: ReadBack): Promise<void> {
  return outcome.publish({
    after: { ...afterOf(share, outcome.createdId), status, verified },
    about: businessId === null ? {} : { ownerBusinessId: businessId },
    reportedStatus: status,
  })
}
