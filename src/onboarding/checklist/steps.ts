import type { StoredEvent } from '../../events/event.ts'
import { outcomeOf } from '../../graph/error.ts'
import { isArrival, isDeparture, lastArrivalIn } from '../../accounts/arrival.ts'
import { readAudit } from '../../writes/audit.ts'
import { budgetOf, readRequests, usedUpReason } from '../../phone-numbers/registration-budget.ts'
import { hasLeftApp, readReports } from '../blockers/reports.ts'
import { isConnected, isStopped, mayBeInApp } from '../../phone-numbers/numbers.ts'
import type { ChecklistFacts } from './facts.ts'
import { done, open, type StepFinding } from './step.ts'

/** One step, derived from the facts. A GraphError means that it cannot be known. */
type Tell = (facts: ChecklistFacts) => Promise<StepFinding>

export const sharedStep: Tell = async (facts) => {
  const history = await facts.history()
  const arrived = lastArrivalIn(history)
  const left = history.findLast(isDeparture)
  const shared = await outcomeOf(facts.isShared())
  if ('value' in shared) return done(arrived?.occurredAt ?? null)
  if (shared.error.kind !== 'not-found' && shared.error.kind !== 'permission') throw shared.error
  if (left && hasLeft(history))
    return {
      ...open('FAILED', 'CUSTOMER', 'The customer no longer shares the account.'),
      at: left.occurredAt,
    }
  return open('TODO', 'CUSTOMER', "The customer has not shared the account with this app's portfolio.")
}

const hasLeft = (history: readonly StoredEvent[]): boolean => {
  const last = history.findLast((event) => isArrival(event) || isDeparture(event))
  return last !== undefined && isDeparture(last)
}

/** When the customer has left, every other step waits for that. Null when the customer is here. */
export async function withoutSharing(facts: ChecklistFacts): Promise<StepFinding | null> {
  if (!hasLeft(await facts.history())) return null
  const { state, reason } = await sharedStep(facts)
  return state === 'FAILED' ? open('BLOCKED', 'CUSTOMER', reason ?? '') : null
}

export const tokenStep: Tell = async (facts) => {
  const { customer } = await facts.account()
  const outcome = await outcomeOf(facts.token())
  if ('value' in outcome) {
    if (outcome.value === 'business') return done()
    return open(
      'NOT_NEEDED',
      null,
      'The system token opens the account: it is one of the own portfolio, or one that the partner has asked for.',
    )
  }
  const { error } = outcome
  if (error.transient) throw error
  if (!customer)
    return open(
      'TODO',
      'CUSTOMER',
      'Nothing has told yet who the customer is: neither an onboarding webhook, nor the code of Embedded Signup, nor Graph.',
    )
  const isUsedUp = lastDone(await facts.history(), 'exchange_code') !== undefined
  if (customer.solutionId !== null)
    return open('BLOCKED', 'PARTNER', `${isUsedUp ? noToken : noTokenYet}: ${error.message}`)
  // A code works once, and the token that it gave is stored nowhere.
  return isUsedUp
    ? open('TODO', 'CUSTOMER', `${usedUp} ${error.message}`)
    : open('TODO', 'US', `Hand in the code of Embedded Signup (completeEmbeddedSignup): ${error.message}`)
}

const noToken = 'The solution gives no token that opens the account'
const noTokenYet = `${noToken}, and no code of Embedded Signup has come that would (completeEmbeddedSignup)`

const usedUp =
  'The code of Embedded Signup is used up, and the token that came for it opens the account no more: the customer signs ' +
  'up once more.'

export const subscribedStep: Tell = async (facts) => {
  const { subscribed } = await facts.subscription()
  if (subscribed) return done(lastDone(await facts.history(), 'subscribe_app')?.occurredAt ?? null)
  return (
    (await withoutToken(facts)) ??
    open('TODO', 'US', 'Subscribe the app to the account (subscribeAppToWaba).')
  )
}

export const registeredStep: Tell = async (facts) => {
  const { data, more } = await facts.numbers()
  const live = data.filter(isConnected)
  if (live.length > 0)
    return done(lastDone(await facts.history(), 'register_phone_number')?.occurredAt ?? null)
  if (more) return open('UNKNOWN', null, 'None of the first 100 numbers is connected, and there are more.')
  if (data.length === 0) return open('TODO', 'US', 'The account has no phone number (addPhoneNumber).')
  if (data.every(isStopped))
    return open('BLOCKED', 'CUSTOMER', `Meta lets no number send: ${describe(data)}.`)
  // Registering such a number would disconnect it from the app.
  const told = readReports(await facts.reports(), facts.ctx.clock())
  const ours = data.filter((number) => mayBeInApp(number) !== true && !hasLeftApp(number, told))
  if (ours.length === 0) return open('TODO', 'CUSTOMER', `${inApp}: ${describe(data)}.`)
  return (
    (await withoutToken(facts)) ??
    (await withoutBudget(facts, ours)) ??
    open('TODO', 'US', `No number is connected: ${describe(ours)} (registerPhoneNumber).`)
  )
}

/** No number may be registered before Meta's 72 hours are over. */
async function withoutBudget({ ctx }: ChecklistFacts, numbers: NumberRows): Promise<StepFinding | null> {
  const requests = await readRequests(ctx)
  const reasons = numbers.map(({ id }) => usedUpReason(budgetOf(requests, id, ctx.clock())))
  const [first] = reasons
  return first != null && reasons.every((reason) => reason !== null) ? open('BLOCKED', 'META', first) : null
}

const inApp = 'The number is one of the WhatsApp Business app, and the customer has to connect it there again'

type NumberRows = Awaited<ReturnType<ChecklistFacts['numbers']>>['data']

const describe = (numbers: NumberRows): string =>
  numbers
    .slice(0, 3)
    .map(({ display_phone_number: number, status }) => `${number ?? 'a number'} is ${status ?? 'unknown'}`)
    .join(', ')

/** A step that needs the customer's token waits for the step that gets it. */
async function withoutToken(facts: ChecklistFacts): Promise<StepFinding | null> {
  const { state, waitsFor, reason } = await tokenStep(facts)
  return state === 'DONE' || state === 'NOT_NEEDED'
    ? null
    : open('BLOCKED', waitsFor, `This takes the customer's business token. ${reason ?? ''}`.trimEnd())
}

function lastDone(history: readonly StoredEvent[], verb: string): StoredEvent | undefined {
  return history.findLast(
    ({ source, field, payload }) =>
      source === 'GATEWAY' && field === verb && readAudit(payload)?.outcome === 'DONE',
  )
}
