import { builder } from '../graphql/builder.ts'
import { Onboarding, OnboardingStepKind } from './onboarding.graphql.ts'
import { PartyEnum } from '../graphql/problem.ts'
import type { Ctx } from '../context.ts'
import type { Party } from '../errors/problem.ts'
import { newestNoteOf, type StoredNote } from './rule/note.ts'
import { looksBackMs, nextTryAt } from './rule/schedule.ts'
import { type AccountOfApp, arrivalOf, stepsOf } from './rule/attempt.ts'
import type { StepKind } from './checklist/step.ts'
import { actionsSince, stepsTaken } from './rule/taken-over.ts'

export type RuleState = 'PENDING' | 'WAITING' | 'GAVE_UP' | 'DONE' | 'LEFT_ALONE'

/** The state of the rule for an account. */
export interface RuleStatus {
  readonly state: RuleState
  /** The steps that it has yet to take. */
  readonly steps: readonly StepKind[]
  readonly waitsFor: Party | null
  readonly reason: string | null
  /** Milliseconds since 1970, like the next one. */
  readonly since: number | null
  readonly nextTryAt: number | null
}

/**
 * Read from the log alone, so that every instance gives the same answer. Null when there is no rule, or no arrival is
 * known.
 */
export async function ruleStatusOf(ctx: Ctx, account: AccountOfApp): Promise<RuleStatus | null> {
  const { subscribe, creditCurrency } = ctx.autoOnboard
  const arrival = subscribe ? await arrivalOf(ctx, account) : null
  if (!arrival) return null
  const [note, acts] = await Promise.all([newestNoteOf(ctx, arrival), actionsSince(ctx, arrival)])
  const taken = stepsTaken(arrival, acts)
  if (taken === null) return ended('LEFT_ALONE')
  const credit = creditCurrency && { currency: creditCurrency, creditLineId: null }
  const steps = stepsOf({ credit }).filter((kind) => !taken.has(kind))
  if (steps.length === 0 || note?.state === 'DONE') return ended('DONE')
  if (note) return waits(note, ctx.clock())
  // The rule does not look back further than that.
  return ctx.clock() - arrival.receivedAt > looksBackMs ? null : { ...ended('PENDING'), steps }
}

const ended = (state: RuleState): RuleStatus => ({
  state,
  steps: [],
  waitsFor: null,
  reason: null,
  since: null,
  nextTryAt: null,
})

function waits(note: StoredNote, now: number): RuleStatus {
  const { state, hindrances, since } = note
  const [first] = hindrances
  return {
    state,
    steps: [...new Set(hindrances.map(({ kind }) => kind))],
    waitsFor: first?.waitsFor ?? null,
    reason: first?.reason ?? null,
    since,
    nextTryAt: state === 'WAITING' ? nextTryAt(note, now) : null,
  }
}

const AutomaticState = builder.enumType('AutomaticOnboardingState', {
  description: 'How far the rule of AUTO_ONBOARD is with an account.',
  values: {
    PENDING: { description: 'It has arrived, and is about to be seen to.' },
    WAITING: {
      description: 'A step cannot be taken now. It is tried again when something comes, and at `nextTryAt`.',
    },
    GAVE_UP: { description: 'It was tried for a week. It is tried again when something comes.' },
    DONE: { description: 'Nothing is left for the rule to do.' },
    LEFT_ALONE: { description: 'A person has undone something: the account is left to that person.' },
  } satisfies Record<RuleState, object>,
})

const AutomaticOnboarding = builder.objectRef<RuleStatus>('AutomaticOnboarding').implement({
  description:
    "What the rule of AUTO_ONBOARD makes of an account, from the gateway's log. What it waits for is an event as well: " +
    '`AUTO_ONBOARD_WAITING`, of kind CLIENT_WABA_UPDATED.',
  fields: (t) => ({
    state: t.expose('state', { type: AutomaticState, description: 'How far it is.' }),
    steps: t.field({
      type: [OnboardingStepKind],
      description: 'Steps that it has yet to take, those that wait first. Empty when it has none.',
      resolve: ({ steps }) => [...steps],
    }),
    waitsFor: t.expose('waitsFor', {
      type: PartyEnum,
      nullable: true,
      description: "Whose turn it is; null when it does not wait, or it is nobody's.",
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why the first of the steps waits, for a person to read; null when none does.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it has waited, for what it waits for now; null when it does not wait.',
    }),
    nextTryAt: t.expose('nextTryAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it is tried again although nothing has come; null when it is not. Pauses double from a second on.',
    }),
  }),
})

builder.objectField(Onboarding, 'automatic', (t) =>
  t.field({
    type: AutomaticOnboarding,
    nullable: true,
    description:
      'What is done by itself. Null when AUTO_ONBOARD is off, when nothing in the log tells that the account has come, or ' +
      'when that was more than a day before the rule began.',
    resolve: ({ appId, wabaId }, _, ctx) => ruleStatusOf(ctx, { appId, wabaId }),
  }),
)
