import { isFunded } from '../../accounts/funding.ts'
import { unlessRefused } from '../../graph/error.ts'
import { accountToPay } from '../../accounts/health.ts'
import type { Facts } from './facts.ts'
import { open, type Finding } from './step.ts'
import { tellToken } from './tell.ts'

/**
 * Of an app whose business has no credit line, as of a Tech Provider: it shares none, but the customer sends nothing as long
 * as nothing pays.
 */
export async function tellPayment(facts: Facts): Promise<Finding> {
  const { ctx, account } = facts
  const present = await account()
  const [funded, waba] = await Promise.all([isFunded(ctx, present), unlessRefused(facts.waba())])
  const health = waba?.health_status ?? null
  const isUnpaid = health !== null && accountToPay(health) !== null
  if (funded === false || isUnpaid) return nothingPays((present.customer?.solutionId ?? null) !== null)
  if (funded === true) return open('NOT_NEEDED', null, paid)
  if (health !== null) return open('NOT_NEEDED', null, healthy)
  const { waitsFor, state } = await tellToken(facts)
  const hasToken = state === 'DONE' || state === 'NOT_NEEDED'
  return open(hasToken ? 'UNKNOWN' : 'BLOCKED', waitsFor, untold)
}

// Meta's guide "Multi-Partner Solutions": the Solution Partner shares its line with the solution's customers.
const nothingPays = (cameThroughSolution: boolean): Finding =>
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
