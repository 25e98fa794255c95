import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors/problem.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems, toProblem } from '../problems.ts'
import { runOnce } from '../writes/once.ts'
import type { Account } from '../accounts/account.ts'
import { hasLeftApp, readReports } from './blockers/reports.ts'
import type { AccountWritten } from '../accounts/account-write.ts'
import { Checklist } from './checklist/checklist.ts'
import { shareCredit, unrecordedLineOf, type CreditInput } from './checklist/credit-step.ts'
import { checklistFacts } from './checklist/facts.ts'
import { isConnected, lookAtNumbers } from '../phone-numbers/numbers.ts'
import { register } from '../phone-numbers/register.ts'
import { stepKinds, type StepFinding, type Step, type StepKind } from './checklist/step.ts'
import { subscribe } from '../accounts/subscription.ts'

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
  /** Steps that are not taken, however they stand. */
  readonly leave?: ReadonlySet<StepKind>
}

/** A step that was taken, and the problem that kept it from being done. */
export interface StepAttempt {
  readonly kind: StepKind
  readonly problem: Problem | null
}

/** A step that is not taken because something else has to be done before, or because it has ended. */
interface WaitingStep extends Pick<StepFinding, 'waitsFor' | 'reason'> {
  readonly kind: StepKind
}

export interface OnboardingOutcome {
  readonly taken: readonly StepAttempt[]
  readonly waiting: readonly WaitingStep[]
}

/**
 * Takes the steps that are left, in their order, each through its own verb. What is done is read at Graph and not stored
 * here, so after a crash the same call goes on where the last one stopped.
 */
export async function onboard(ctx: Ctx, account: Account, input: OnboardInput): Promise<OnboardingOutcome> {
  const taken: StepAttempt[] = []
  const waiting: WaitingStep[] = []
  const { priority } = ctx.cost
  for (const kind of stepKinds) {
    const run = input.leave?.has(kind) ? null : runnerOf(ctx, account, input, kind)
    if (!run) continue
    // The write of an earlier step has raised the priority for itself alone.
    if (priority) ctx.cost.priority = priority
    const { state, failure, waitsFor, reason } = await look(ctx, account, kind)
    // The part of the budget that is reserved for changes is not used by background reads.
    if (failure && priority === 'background') {
      taken.push({ kind, problem: toProblem(failure) })
      continue
    }
    if (state === 'BLOCKED' || state === 'FAILED') waiting.push({ kind, waitsFor, reason })
    const isLeft = state === 'UNKNOWN' || (state === 'TODO' && waitsFor === 'US')
    if (!isLeft && !(state === 'DONE' && (await isUndone(ctx, account, input, kind)))) continue
    const changed = await graphErrorsAsProblems(run)
    taken.push({ kind, problem: 'createdId' in changed ? null : changed })
  }
  ctx.reads.renew()
  return { taken, waiting }
}

/** The same under a key of the caller's, once nothing is left to do. The PIN can be guessed, and is not compared. */
export async function onboardOnce(
  ctx: Ctx,
  account: Account,
  key: string | null,
  input: OnboardInput,
): Promise<Pick<OnboardingOutcome, 'taken'> | Problem> {
  const { app, wabaId } = account
  const { credit, registration } = input
  const { phoneNumberId, dataLocalizationRegion } = registration ?? {}
  const request = [wabaId, credit, registration && [phoneNumberId, dataLocalizationRegion]]
  const once = { app, verb: 'onboard', key, input: request }
  const attempted = await runOnce(ctx, once, () => onboard(ctx, account, input), keptOf)
  return 'earlier' in attempted ? { taken: attempted.earlier } : attempted
}

/** Null while something is left to do. */
const keptOf = ({ taken, waiting }: OnboardingOutcome): readonly StepAttempt[] | null =>
  waiting.length === 0 && taken.every(({ problem }) => problem === null) ? taken : null

function runnerOf(
  ctx: Ctx,
  account: Account,
  { credit, registration }: OnboardInput,
  kind: StepKind,
): (() => Promise<AccountWritten>) | null {
  switch (kind) {
    case 'SHARED_WITH_PARTNER':
    case 'BUSINESS_TOKEN':
      return null
    case 'WEBHOOKS_SUBSCRIBED':
      return () => subscribe(ctx, account, null)
    case 'CREDIT_SHARED':
      return credit && (() => shareCredit(ctx, account, credit))
    case 'PHONE_NUMBER_REGISTERED':
      return registration && (() => registerOne(ctx, account, registration))
  }
}

/** A step that cannot be read is tried: each verb checks for itself before it sends. */
async function look(ctx: Ctx, { app, wabaId }: Account, kind: StepKind): Promise<Step> {
  ctx.reads.renew()
  const [step] = await new Checklist(ctx, NodeHandle.unread('ClientWaba', wabaId, { app })).steps([kind])
  return step as Step
}

/** Whether a step that is done for the account is still to be taken. */
async function isUndone(
  ctx: Ctx,
  account: Account,
  { registration }: OnboardInput,
  kind: StepKind,
): Promise<boolean> {
  if (kind === 'CREDIT_SHARED') return isUnrecorded(ctx, account)
  const named = kind === 'PHONE_NUMBER_REGISTERED' ? (registration?.phoneNumberId ?? null) : null
  // Any connected number makes the step done, but a number that is named is meant. A number that does not exist is refused
  // by the verb.
  return named !== null && !(await isLive(ctx, account, named))
}

async function isLive(ctx: Ctx, account: Account, phoneNumberId: string): Promise<boolean> {
  const numbers = await graphErrorsAsProblems(() => lookAtNumbers(ctx, account))
  const number = 'type' in numbers ? undefined : numbers.find(({ id }) => id === phoneNumberId)
  return number !== undefined && isConnected(number)
}

/** Shared at Graph and not recorded here: sharing again finds it, records it and sends nothing. */
async function isUnrecorded(ctx: Ctx, account: Account): Promise<boolean> {
  const lineId = await graphErrorsAsProblems(() => unrecordedLineOf(ctx, account))
  return typeof lineId === 'string'
}

type Registering = NonNullable<OnboardInput['registration']>

async function registerOne(ctx: Ctx, account: Account, registration: Registering): Promise<AccountWritten> {
  const facts = checklistFacts(ctx, NodeHandle.unread('ClientWaba', account.wabaId, { app: account.app }))
  const told = readReports(await facts.reports(), ctx.clock())
  const numbers = await lookAtNumbers(ctx, account)
  const left = new Set<string>(numbers.filter((number) => hasLeftApp(number, told)).map(({ id }) => id))
  const rest = numbers.filter(({ id }) => !left.has(id))
  const phoneNumberId = registration.phoneNumberId ?? onlyOne(rest)
  if (typeof phoneNumberId !== 'string') return phoneNumberId
  if (left.has(phoneNumberId)) return leftApp
  return register(ctx, account, { ...registration, phoneNumberId, again: false, idempotencyKey: null })
}

function onlyOne(numbers: Awaited<ReturnType<typeof lookAtNumbers>>): string | Problem {
  if (numbers.length === 0) return noNumber
  const waiting = numbers.filter((number) => !isConnected(number))
  // Somebody else may have registered it since the step was read: of a connected number the verb sends nothing.
  const [one, ...others] = waiting.length > 0 ? waiting : numbers
  return one && (others.length === 0 || waiting.length === 0) ? one.id : ambiguous
}

const leftApp = gatewayProblem(
  'WRONG_STATE',
  'The customer has disconnected the number in the WhatsApp Business app, and connects it there again. To take it away ' +
    'from the app for good, register it by itself (registerPhoneNumber).',
  false,
  { waitsFor: 'CUSTOMER', help: 'coexistence' },
)

const noNumber = gatewayProblem(
  'WRONG_STATE',
  'The account has no phone number: add one first (addPhoneNumber), then verify it.',
  false,
  { help: 'registration' },
)

const ambiguous = invalidInput(
  ['input', 'phoneNumberId'],
  'The account has not exactly one number that waits to be registered: say which.',
)
