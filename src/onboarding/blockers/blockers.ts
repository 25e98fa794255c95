import { type BlockerFacts, type BlockerFinding, found, inOrder } from './blocker.ts'
import { fromAccount } from './from-account.ts'
import { fromNumbers } from './from-numbers.ts'
import { leftAppAt } from './reports.ts'
import { isStopped } from '../../phone-numbers/numbers.ts'
import type { StepKind } from '../checklist/step.ts'

export interface Blocker extends BlockerFinding {
  /** When it began: the time of an event, else of the arrival, else of the read. */
  readonly since: number
}

/**
 * What keeps the customer from sending, or soon will, the most urgent first; empty when nothing is known to. For an account
 * that is not shared this is the only blocker.
 */
export function blockersOf(facts: BlockerFacts): readonly Blocker[] {
  const open = fromSteps(facts)
  const isGone = open.some(({ code }) => code === 'NOT_SHARED')
  const all = isGone ? open : [...open, ...fromAccount(facts), ...fromNumbers(facts)]
  return inOrder(all).map((one) => ({ ...one, since: one.since ?? facts.arrivedAt ?? facts.now }))
}

type StepFact = BlockerFacts['steps'][number]
type Tells = (step: StepFact, facts: BlockerFacts) => readonly BlockerFinding[]

/** The blocker of an open step. */
const said = ({ reason, waitsFor, since }: StepFact) => ({
  message: reason ?? 'A step of onboarding is open.',
  since,
  ...(waitsFor !== null && { waitsFor }),
})

const isOurTurn = ({ state, waitsFor }: StepFact): boolean => state === 'TODO' && waitsFor === 'US'

const tellers: Readonly<Record<StepKind, Tells>> = {
  SHARED_WITH_PARTNER: (step) => [found('NOT_SHARED', said(step))],
  BUSINESS_TOKEN: (step) => [
    found('NO_BUSINESS_TOKEN', {
      ...said(step),
      action: isOurTurn(step) ? 'completeEmbeddedSignup' : null,
    }),
  ],
  WEBHOOKS_SUBSCRIBED: (step) => [
    found('NOT_SUBSCRIBED', { ...said(step), action: isOurTurn(step) ? 'subscribeAppToWaba' : null }),
  ],
  CREDIT_SHARED: (step) => [
    found('NO_PAYMENT_METHOD', {
      ...said(step),
      action: step.waitsFor === 'US' && step.state !== 'BLOCKED' ? 'shareCreditLine' : null,
    }),
  ],
  PHONE_NUMBER_REGISTERED: (step, facts) => [numberBlocker(step, facts)],
}

/**
 * The blockers of the open steps. While the account is not shared, nothing else can be known. A step that could not be read
 * is no blocker: nothing is guessed.
 */
export function fromSteps(facts: BlockerFacts): readonly BlockerFinding[] {
  const open = facts.steps.filter(
    ({ state }) => state === 'TODO' || state === 'BLOCKED' || state === 'FAILED',
  )
  const unshared = open.filter(({ kind }) => kind === 'SHARED_WITH_PARTNER')
  const counted = unshared.length > 0 ? unshared : open
  return counted.flatMap((step) => tellers[step.kind](step, facts))
}

function numberBlocker(step: StepFact, { numbers: all, told }: BlockerFacts): BlockerFinding {
  const numbers = all ?? []
  const acts = isOurTurn(step)
  if (numbers.length === 0)
    return found('NO_PHONE_NUMBER', { ...said(step), action: acts ? 'addPhoneNumber' : null })
  if (numbers.every(isStopped)) return found('NUMBER_RESTRICTED', said(step))
  const ours = numbers.filter((number) => number.inApp !== true && leftAppAt(number, told) === null)
  if (ours.length === 0) return found('NUMBER_DISCONNECTED', said(step))
  const isVerified = ours.some(({ verification }) => verification !== 'NOT_VERIFIED')
  return isVerified
    ? found('NUMBER_NOT_REGISTERED', { ...said(step), action: acts ? 'registerPhoneNumber' : null })
    : found('NUMBER_NOT_VERIFIED', { ...said(step), action: acts ? 'requestPhoneNumberCode' : null })
}
