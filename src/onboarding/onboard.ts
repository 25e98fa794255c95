import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors.ts'
import { Seen } from '../loaders/seen.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import type { Account } from './account.ts'
import type { Changed } from './change.ts'
import { Checklist } from './checklist.ts'
import { shareCredit, unrecordedLineOf, type CreditInput } from './credit-step.ts'
import { isConnected, lookAtNumbers } from './numbers.ts'
import { register } from './register.ts'
import { stepKinds, type StepKind, type StepState } from './step.ts'
import { subscribe } from './subscribe.ts'

export interface OnboardInput {
  /** Without it no credit is shared. */
  readonly credit: CreditInput | null
  /** Without it no number is registered. */
  readonly registration: {
    readonly pin: string
    readonly dataLocalizationRegion: string | null
    /** May be left out when one number is not connected. */
    readonly phoneNumberId: string | null
  } | null
}

/** A step that was taken, and what came in between. */
export interface Taken {
  readonly kind: StepKind
  readonly problem: Problem | null
}

/**
 * Takes the steps that are left, in their order, each through its own verb. What is done is seen at Graph and not kept
 * here: after a crash the same call goes on where the last one stopped.
 */
export async function onboard(ctx: Ctx, account: Account, input: OnboardInput): Promise<readonly Taken[]> {
  const taken: Taken[] = []
  for (const kind of stepKinds) {
    const run = runnerOf(ctx, account, input, kind)
    if (!run) continue
    const state = await stateOf(ctx, account, kind)
    const isOpen = state === 'TODO' || state === 'UNKNOWN'
    if (!isOpen && !(kind === 'CREDIT_SHARED' && (await isUnrecorded(ctx, account, state)))) continue
    const changed = await graphErrorsAsProblems(run)
    taken.push({ kind, problem: 'made' in changed ? null : changed })
  }
  ctx.reads.renew()
  return taken
}

function runnerOf(
  ctx: Ctx,
  account: Account,
  { credit, registration }: OnboardInput,
  kind: StepKind,
): (() => Promise<Changed>) | null {
  switch (kind) {
    case 'SHARED_WITH_PARTNER':
    case 'BUSINESS_TOKEN':
      return null
    case 'WEBHOOKS_SUBSCRIBED':
      return () => subscribe(ctx, account)
    case 'CREDIT_SHARED':
      return credit && (() => shareCredit(ctx, account, credit))
    case 'PHONE_NUMBER_REGISTERED':
      return registration && (() => registerOne(ctx, account, registration))
  }
}

/** What cannot be told is tried: each verb looks for itself before it sends. */
async function stateOf(ctx: Ctx, { app, wabaId }: Account, kind: StepKind): Promise<StepState | undefined> {
  ctx.reads.renew()
  const [step] = await new Checklist(ctx, Seen.unread('ClientWaba', wabaId, { app })).steps([kind])
  return step?.state
}

/** Done at Graph and not told here: sharing again finds it, tells it and stores it, and sends nothing. */
async function isUnrecorded(ctx: Ctx, account: Account, state: StepState | undefined): Promise<boolean> {
  if (state !== 'DONE') return false
  const lineId = await graphErrorsAsProblems(() => unrecordedLineOf(ctx, account))
  return typeof lineId === 'string'
}

type Registering = NonNullable<OnboardInput['registration']>

async function registerOne(ctx: Ctx, account: Account, registration: Registering): Promise<Changed> {
  const phoneNumberId = registration.phoneNumberId ?? (await onlyOne(ctx, account))
  if (typeof phoneNumberId !== 'string') return phoneNumberId
  return register(ctx, account, { ...registration, phoneNumberId, again: false })
}

async function onlyOne(ctx: Ctx, account: Account): Promise<string | Problem> {
  const numbers = await lookAtNumbers(ctx, account)
  if (numbers.length === 0) return noNumber
  const [one, ...others] = numbers.filter((number) => !isConnected(number))
  return one && others.length === 0 ? one.id : ambiguous
}

const noNumber = gatewayProblem(
  'WRONG_STATE',
  'The account has no phone number: add one first (addPhoneNumber), then verify it.',
)

const ambiguous = invalidInput(
  ['input', 'phoneNumberId'],
  'The account has not exactly one number that waits to be registered: say which.',
)
