import { type Known, readFacts } from '../../credit/facts.ts'
import { heldBy, payingAllocation } from '../../credit/guard.ts'
import { creditLinesOf } from '../../credit/lines.ts'
import { shareCreditLine } from '../../credit/share.ts'
import type { Ctx } from '../../context.ts'
import type { CreditCurrencyEnum } from '../../graph/endpoints/credit.ts'
import type { Account } from '../../accounts/account.ts'
import type { AccountWritten } from '../../accounts/account-write.ts'
import type { ChecklistFacts } from './facts.ts'
import { done, type StepFinding, open } from './step.ts'
import { tokenStep } from './steps.ts'
import { unlessRefused } from '../../graph/error.ts'
import { accountToPay } from '../../accounts/health.ts'
import { isFunded } from '../../accounts/token.ts'

/** Whether messages of the account are paid from a credit line of ours. */
export async function creditStep(facts: ChecklistFacts): Promise<StepFinding> {
  const { ctx, app, account } = facts
  // Read together with what other steps read, because it is needed when there is no line.
  if (app.creditLineId === null) facts.waba().catch(() => {})
  const [present, lines] = await Promise.all([account(), facts.lines()])
  if (lines.length === 0) return paymentStep(facts)
  if (present.isOwn) return open('NOT_NEEDED', null, own)
  const known = await readFacts(ctx, present, lines)
  const { waitsFor } = known.funding === null ? await tokenStep(facts) : { waitsFor: null }
  const finding = findingOf(known, waitsFor)
  return typeof finding === 'string' ? done(await sharedAt(ctx, account, finding)) : finding
}

const own = "The account belongs to the app's own portfolio, and a line is shared with customers only."

/** The id of the allocation that pays, or why none does. */
function findingOf(known: Known, waitsFor: StepFinding['waitsFor']): StepFinding | string {
  const payer = payingAllocation(known)
  if (payer) return payer.id
  const held = heldBy(known)
  if (known.funding === null)
    return (
      held?.id ??
      open(
        'UNKNOWN',
        waitsFor,
        "What pays for the account cannot be told without the customer's business token.",
      )
    )
  if (held) return open('BLOCKED', 'META', notYet)
  if (known.taken.length > 0) return known.complete ? open('FAILED', 'US', ended) : endUntold
  return known.funding.id === null
    ? open('TODO', 'US', 'Share a credit line with the customer (shareCreditLine).')
    : open('NOT_NEEDED', null, 'Something else pays for the account, and what pays cannot be changed.')
}

// Meta's page "Migrating a WABA from one Solution Partner to another via Embedded Signup"
const notYet =
  'The line is shared and the account has taken it, and it does not pay yet: for a customer who comes from another ' +
  'Solution Partner it does from the first of the next month on.'

const ended =
  'The line that the account had taken was revoked. Only the same line can be shared with it again (shareCreditLine).'

const endUntold = open(
  'UNKNOWN',
  'US',
  'The account has taken a line that does not pay now, and what is shared with its owner cannot be read in full.',
)

async function sharedAt(
  ctx: Ctx,
  account: ChecklistFacts['account'],
  allocationId: string,
): Promise<number | null> {
  const { app, wabaId } = await account()
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  return stored.find((sharing) => sharing.allocationId === allocationId)?.sharedAt ?? null
}

/**
 * The credit line that pays for the account although no sharing is stored: the process that shared it ended before that.
 * Null when a sharing is stored, and when it cannot be known.
 */
export async function unrecordedLineOf(ctx: Ctx, account: Account): Promise<string | null> {
  const { app, wabaId } = account
  const lines = (await creditLinesOf(ctx, app)).map(({ id }) => id)
  const payer = payingAllocation(await readFacts(ctx, account, lines))
  if (!payer || !lines.includes(payer.lineId)) return null
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  const isStored = stored.some(({ allocationId, attached }) => attached && allocationId === payer.id)
  return isStored ? null : payer.lineId
}

export interface CreditInput {
  readonly currency: CreditCurrencyEnum
  readonly creditLineId: string | null
}

/** Shares the line, after its prerequisite: our system user on the account, with the tasks that the solution allows. */
export async function shareCredit(
  ctx: Ctx,
  { app, wabaId }: Account,
  input: CreditInput,
): Promise<AccountWritten> {
  const shared = await shareCreditLine(ctx, {
    ...input,
    wabaId,
    appId: app.appId,
    method: 'SHARE_AND_ATTACH',
    addSystemUser: true,
    switched: false,
    idempotencyKey: null,
  })
  return shared.type === 'Done' ? { createdId: wabaId } : shared
}

/**
 * The step for an app whose business has no credit line, such as a Tech Provider's: it shares none, but the customer cannot
 * send while nothing pays.
 */
export async function paymentStep(facts: ChecklistFacts): Promise<StepFinding> {
  const { ctx, account } = facts
  const present = await account()
  const [funded, waba] = await Promise.all([isFunded(ctx, present), unlessRefused(facts.waba())])
  const health = waba?.health_status ?? null
  const isUnpaid = health !== null && accountToPay(health) !== null
  if (funded === false || isUnpaid) return nothingPays((present.customer?.solutionId ?? null) !== null)
  if (funded === true) return open('NOT_NEEDED', null, paid)
  if (health !== null) return open('NOT_NEEDED', null, healthy)
  const { waitsFor, state } = await tokenStep(facts)
  const hasToken = state === 'DONE' || state === 'NOT_NEEDED'
  return open(hasToken ? 'UNKNOWN' : 'BLOCKED', waitsFor, untold)
}

// Meta's guide "Multi-Partner Solutions": the Solution Partner shares its line with the solution's customers.
const nothingPays = (cameThroughSolution: boolean): StepFinding =>
  cameThroughSolution
    ? open(
        'TODO',
        'PARTNER',
        'Nothing pays for the account: the Solution Partner has to share its credit line with it.',
      )
    : open(
        'TODO',
        'CUSTOMER',
        "Nothing pays for the account: the customer has to enter a payment method in Meta's WhatsApp Manager.",
      )

const paid = "Something pays for the account, and the app's business has no credit line of its own to share."
const healthy =
  "What pays for the account cannot be read, but Meta's health check finds nothing wrong with its payment."
const untold = "What pays for the account cannot be told without the customer's business token."
