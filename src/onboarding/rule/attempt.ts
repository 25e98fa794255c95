import type { AppConfig } from '../../config/config.ts'
import { appOf, type Ctx } from '../../context.ts'
import { viewerOfAccount, accountOf } from '../../accounts/account.ts'
import { creditLinesOf } from '../../credit/lines.ts'
import type { StoredEvent } from '../../events/event.ts'
import { outcomeOf } from '../../graph/error.ts'
import { arrivalIn, tellsOfArrival, turnKinds } from '../../accounts/arrival.ts'
import { onboard, type OnboardInput } from '../onboard.ts'
import type { StepKind } from '../checklist/step.ts'
import { newestNoteOf, appendNote, type RuleNote, type StoredNote } from './note.ts'
import { outcomeOfAttempt, nextTryAt, type AttemptOutcome } from './schedule.ts'
import { actionsSince, stepsTaken } from './taken-over.ts'

export interface AccountOfApp {
  readonly appId: string
  readonly wabaId: string
}

export interface AttemptInput {
  readonly input: OnboardInput
  /** When the rule began to onboard the account. */
  readonly since: number
  /** Whether an event has arrived for which the account may have waited. */
  readonly rung: boolean
  /** Whether this instance holds the lease of the rule. */
  readonly acts: () => boolean
}

/** Takes the steps that can be taken. Returns why the account waits, or null when nothing more is to be done here. */
export async function attemptOnboarding(
  ctx: Ctx,
  { appId, wabaId }: AccountOfApp,
  { input, since: begun, rung, acts }: AttemptInput,
): Promise<RuleNote | null> {
  const app = appOf(ctx, appId)
  const arrival = await arrivalOf(ctx, { appId, wabaId })
  if (!app || !arrival) return null
  const account = await accountOf(ctx, app, wabaId)
  // Where instances share no tokens, that of a signup may be on another one than the lease.
  if (!acts() && !ctx.graph.holdsAlone(viewerOfAccount(account))) return null
  const before = await newestNoteOf(ctx, arrival)
  if (before?.state === 'DONE') return null
  const leave = stepsTaken(arrival, await actionsSince(ctx, arrival))
  const told = { ctx, arrival, before, since: begun }
  if (leave === null) return noteEnd(told, 'LEFT_ALONE')
  const credit = input.credit && (await mayShare(ctx, app)) ? input.credit : null
  const attempted = await onboard(ctx, account, { ...input, credit, leave })
  const verdict = outcomeOfAttempt(attempted, ctx.clock())
  if (verdict.hindrances.length > 0) {
    // When the account still waits for the same, the time of its waiting goes on.
    const isOther = rung && before !== null && essenceOf(before) !== essenceOf(verdict)
    return noteWaiting({ ...told, since: isOther ? ctx.clock() : begun }, verdict)
  }
  const done = new Set([...leave, ...attempted.taken.map(({ kind }) => kind)])
  return stepsOf(input).every((kind) => done.has(kind))
    ? noteEnd(told, 'DONE')
    : noteState(told, 'DONE', nothingLeft)
}

/** An app without a credit line of its own has no part in the credit. */
async function mayShare(ctx: Ctx, app: AppConfig): Promise<boolean> {
  const lines = await outcomeOf(creditLinesOf(ctx, app))
  return 'value' in lines ? lines.value.length > 0 : lines.error.transient
}

/** The steps of the checklist that the rule takes. */
export const stepsOf = ({ credit }: Pick<OnboardInput, 'credit'>): readonly StepKind[] =>
  credit ? ['WEBHOOKS_SUBSCRIBED', 'CREDIT_SHARED'] : ['WEBHOOKS_SUBSCRIBED']

const history = 100

/** The event of the arrival; null when the account has not arrived, or when retention has deleted the event. */
export async function arrivalOf(
  { log }: Pick<Ctx, 'log'>,
  { appId, wabaId }: AccountOfApp,
): Promise<StoredEvent | null> {
  const filter = { appIds: [appId], wabaId, kinds: turnKinds }
  const arrival = arrivalIn(await log.readBefore(Number.MAX_SAFE_INTEGER, filter, history))
  return arrival && (await tellsOfArrival(log, arrival)) ? arrival : null
}

interface AttemptContext {
  readonly ctx: Ctx
  readonly arrival: StoredEvent
  readonly before: StoredNote | null
  readonly since: number
}

const nothingLeft: AttemptOutcome = { hindrances: [], mayPass: false, notBefore: null }

/** An end that the log shows already needs no note. */
async function noteEnd(told: AttemptContext, state: 'DONE' | 'LEFT_ALONE'): Promise<null> {
  const { before } = told
  return before !== null && before.state !== state ? noteState(told, state, nothingLeft) : null
}

async function noteState(
  told: AttemptContext,
  state: 'DONE' | 'LEFT_ALONE',
  verdict: AttemptOutcome,
): Promise<null> {
  const { ctx, arrival, before, since } = told
  await appendNote(ctx, arrival, { arrival: arrival.seq, state, since, ...verdict }, before)
  return null
}

/** Logged and noted only when it changes, because a waiting step is tried many times. */
async function noteWaiting(
  { ctx, arrival, before, since }: AttemptContext,
  verdict: AttemptOutcome,
): Promise<RuleNote> {
  const next = nextTryAt({ since, ...verdict }, ctx.clock())
  const state = next === null ? 'GAVE_UP' : 'WAITING'
  const waits: RuleNote = {
    arrival: arrival.seq,
    state,
    since,
    ...verdict,
    hindrances: [...verdict.hindrances],
  }
  if (before !== null && isSame(before, waits)) return waits
  const { appId, wabaId } = arrival
  const nextTry = next === null ? null : new Date(next).toISOString()
  const { hindrances } = waits
  ctx.logger.warn(
    { wabaId, appId, hindrances, nextTry },
    next === null ? 'automatic onboarding gives up until an event arrives' : 'automatic onboarding waits',
  )
  await appendNote(ctx, arrival, waits, before)
  return waits
}

const isSame = (one: RuleNote, other: RuleNote): boolean =>
  one.state === other.state && one.since === other.since && essenceOf(one) === essenceOf(other)

/** Numbers in a reason differ from try to try and do not make it another one. */
const essenceOf = ({ hindrances }: Pick<AttemptOutcome, 'hindrances'>): string =>
  JSON.stringify(
    hindrances.map(({ kind, waitsFor, reason }) => [kind, waitsFor, reason.replaceAll(/\d+/g, '')]),
  )
