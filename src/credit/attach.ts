import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { Attachment, CreditCurrencyEnum } from '../graph/endpoints/credit.ts'
import { runWrite } from '../writes/run.ts'
import type { EventOfWrite, SentWrite } from '../writes/write.ts'
import { aboutOf, type Account } from '../accounts/account.ts'
import { readFacts, type Known } from './facts.ts'
import { judgeSharing, outcomeOfSharing } from './guard.ts'
import { readBackSharing, unreadAllocation, type CreditReadBack } from './read-back.ts'
import type { Sharing } from '../events/sharings.ts'
import type { Sending } from '../graph/endpoint.ts'

interface Before {
  /** What paid for the account; null when nothing did, or nobody could tell. */
  readonly fundingId: string | null
}
type Send = (attachment: Attachment, sending: Sending) => Promise<SentWrite>

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
export async function attach(ctx: Ctx, share: Share, send: Send): Promise<CreditReadBack | Problem> {
  const { account, lineId, lineIds, input } = share
  const { app, wabaId } = account
  const verdictOn = (facts: Known) => judgeSharing({ ...input, lineId }, facts, ctx.clock())
  const outcome = await runWrite<Known, CreditReadBack, Problem, Before>(ctx, {
    app,
    verb: sharingVerb,
    object: `waba:${wabaId}`,
    key: input.idempotencyKey,
    input: sharingInput(lineId, { ...input, wabaId }),
    about: aboutOf(account),
    // Anew also the first time: since the first look, another gateway may have done it.
    readState: () => {
      ctx.reads.renew()
      return readFacts(ctx, account, lineIds)
    },
    refuse: (facts) => {
      const verdict = verdictOn(facts)
      return typeof verdict === 'object' && 'refused' in verdict ? verdict.refused : null
    },
    record: ({ funding }) => ({ fundingId: funding?.id ?? null }),
    send: (_, sending) => send({ creditLineId: lineId, wabaId, currency: input.currency }, sending),
    outcomeIn: (facts, sent) => {
      if (sent !== null) return outcomeOfSharing({ ...input, lineId }, facts, account.customer !== null)
      const verdict = verdictOn(facts)
      return typeof verdict === 'object' && 'already' in verdict ? { createdId: verdict.already } : 'not-made'
    },
    readBack: (allocationId) => finish(ctx, share, allocationId),
    publishes: (allocationId, after) => eventOfSharing(share, allocationId, after),
  })
  if ('type' in outcome) return outcome
  return outcome.after ?? unreadAllocation(app, outcome.createdId)
}

/** What was done is kept before it is read back: no other place tells these ids once the account is unshared. */
export async function finish(
  ctx: Ctx,
  share: Pick<Share, 'account' | 'lineId'>,
  allocationId: string,
): Promise<CreditReadBack> {
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

function eventOfSharing(
  { lineId: creditLineId, input: { currency, method } }: Share,
  allocationId: string,
  after: CreditReadBack | null,
): EventOfWrite {
  const known = { allocationId, creditLineId, currency, method }
  if (after === null) return { kind: 'CREDIT_SHARED', after: known }
  const { businessId, status, verified } = after
  return {
    kind: 'CREDIT_SHARED',
    after: { ...known, status, verified },
    about: businessId === null ? {} : { ownerBusinessId: businessId },
    reportedStatus: status,
  }
}

/** Keeps who took which line. It is so whether the store takes it or not, so a failure is logged and no more. */
export async function remember(ctx: Ctx, sharing: Omit<Sharing, 'sharedAt'>): Promise<void> {
  try {
    await ctx.sharings.save({ ...sharing, sharedAt: ctx.clock() })
  } catch (error) {
    ctx.logger.error(
      { err: error, allocationId: sharing.allocationId },
      'a sharing of credit could not be kept',
    )
  }
}

export const sharingMethods = ['SHARE_AND_ATTACH', 'SHARE_THEN_ATTACH'] as const
export type SharingMethod = (typeof sharingMethods)[number]

export interface ShareInput {
  readonly wabaId: string
  readonly appId: string | null
  readonly creditLineId: string | null
  readonly currency: CreditCurrencyEnum
  readonly method: SharingMethod
  readonly addSystemUser: boolean
  readonly switched: boolean
  readonly idempotencyKey: string | null
}

/** A line that is to be shared with an account, and what is known before. */
export interface Share {
  readonly account: Account
  /** Lines of the app's business. */
  readonly lineIds: readonly string[]
  readonly lineId: string
  readonly input: {
    readonly currency: CreditCurrencyEnum
    readonly method: string
    readonly switched: boolean
    readonly idempotencyKey: string | null
  }
  readonly facts: Known
}
