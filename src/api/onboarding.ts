import { appOf, type Ctx } from '../context.ts'
import { Seen } from '../loaders/seen.ts'
import { Checklist } from '../onboarding/checklist.ts'
import { isComplete, stepKinds, type Step, type StepKind, type stepStates } from '../onboarding/step.ts'
import { builder } from './builder.ts'
import { Party } from './party.ts'
import { ClientWaba } from './refs.ts'
import { readOptionalId, refuse } from './refuse.ts'

export const OnboardingStepKind = builder.enumType('OnboardingStepKind', {
  description: 'What an account needs before its customer can send messages.',
  values: {
    SHARED_WITH_PARTNER: { description: 'The customer shares the account with the portfolio of the app.' },
    BUSINESS_TOKEN: { description: "The customer's business token can be had, and opens the account." },
    WEBHOOKS_SUBSCRIBED: { description: 'The app is subscribed to the webhooks of the account.' },
    CREDIT_SHARED: { description: 'Messages are paid from the credit line of the Solution Partner.' },
    PHONE_NUMBER_REGISTERED: { description: 'A phone number of the account is connected.' },
  } satisfies Record<StepKind, object>,
})

const OnboardingStepState = builder.enumType('OnboardingStepState', {
  description: 'How far a step is.',
  values: {
    DONE: { description: 'It is as it should be, as Graph shows it now.' },
    TODO: { description: 'It can be done now: see `waitsFor` for who does it.' },
    BLOCKED: { description: 'Something else has to be done before.' },
    FAILED: { description: 'It was done and has ended, or cannot be done any more.' },
    NOT_NEEDED: { description: 'This app has no part in it.' },
    UNKNOWN: { description: 'It could not be read now: `reason` says why. Nothing is guessed.' },
  } satisfies Record<(typeof stepStates)[number], object>,
})

const OnboardingStep = builder.objectRef<Step>('OnboardingStep').implement({
  description: 'One thing that an account needs, told from facts that were read now.',
  fields: (t) => ({
    kind: t.expose('kind', { type: OnboardingStepKind, description: 'Which one.' }),
    state: t.expose('state', { type: OnboardingStepState, description: 'How far it is.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'Why it is not done, for a person to read, with the mutation that does it; null when done.',
    }),
    waitsFor: t.expose('waitsFor', {
      type: Party,
      nullable: true,
      description: 'Who has to act; null when nobody has.',
    }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came to be so, where an event tells; null when nobody knows.',
    }),
  }),
})

export const Onboarding = builder.objectRef<Checklist>('Onboarding').implement({
  description: 'The checklist of one account, as one app has it. Read now, step by step.',
  fields: (t) => ({
    appId: t.exposeID('appId', {
      description: 'Meta id of the app that has it so: of several that see the account, this one.',
    }),
    steps: t.field({
      type: [OnboardingStep],
      description:
        'The steps in the order in which they are done. Each costs its Graph calls only when asked for.',
      args: {
        kinds: t.arg({ type: [OnboardingStepKind], description: 'Only these; all when left out.' }),
      },
      resolve: async (list, { kinds }) => [...(await list.steps(kinds ?? stepKinds))],
    }),
    complete: t.boolean({
      description: 'True when every step is DONE or NOT_NEEDED. Reads all of them.',
      resolve: async (list) => isComplete(await list.steps()),
    }),
  }),
})

builder.objectField(ClientWaba, 'onboarding', (t) =>
  t.field({
    type: Onboarding,
    description: 'How far the account is on its way to messages, as one app has it.',
    args: {
      appId: t.arg.id({ description: 'As this app has it; the app that shows the account when left out.' }),
    },
    resolve: (waba, { appId }, ctx) => {
      readAnew(ctx)
      return new Checklist(ctx, asSeenBy(ctx, waba, appId))
    },
  }),
)

function asSeenBy(ctx: Ctx, waba: Seen<'ClientWaba'>, appId: string | null | undefined) {
  const id = readOptionalId('App', 'appId', appId)
  if (id === null || id === waba.viewer.app.appId) return waba
  const app = appOf(ctx, id)
  if (app) return Seen.unread('ClientWaba', waba.id, { app })
  throw refuse('INVALID_INPUT', 'appId: the gateway holds no such app for this caller.')
}

const anew = new WeakSet<Ctx>()

/** A checklist is of now, not of what memory kept. Those of one operation are read together. */
function readAnew(ctx: Ctx): void {
  if (anew.has(ctx)) return
  anew.add(ctx)
  ctx.reads.renew()
}
