import { appOf, type Ctx } from '../context.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { helpPage } from '../errors/problem.ts'
import { builder } from '../graphql/builder.ts'
import { PartyEnum } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { readOptionalId, refuse } from '../graphql/refuse.ts'
import type { Blocker as BlockerFound } from './blockers/blockers.ts'
import { Checklist } from './checklist/checklist.ts'
import { stepKinds, type Step, type StepKind, type stepStates } from './checklist/step.ts'

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
      type: PartyEnum,
      nullable: true,
      description: 'Who has to act; null when nobody has.',
    }),
    at: t.expose('at', {
      type: 'DateTime',
      nullable: true,
      description: 'When it came to be so, where an event tells; null when nobody knows.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      nullable: true,
      description:
        'Of a step that is TODO, BLOCKED or FAILED: since when, which is when the customer arrived, or when it was undone. ' +
        'Null of any other, and when the log tells of neither.',
    }),
  }),
})

const BlockerShape = builder.objectRef<BlockerFound>('Blocker').implement({
  description:
    'Something that keeps a customer from sending, or soon will: told from what Graph shows now and what its webhooks have ' +
    'said. The codes are listed in docs/blockers.md.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description:
        'Stable code, e.g. NUMBER_NOT_REGISTERED, NO_PAYMENT_METHOD, BUSINESS_NOT_VERIFIED, ACCOUNT_RESTRICTED, ' +
        'NAME_REJECTED, QUALITY_LOW, CERTIFICATION_NEEDED. There is one blocker for a code at most.',
    }),
    message: t.exposeString('message', { description: 'For a person to read.' }),
    blocksSending: t.exposeBoolean('blocksSending', {
      description:
        'True when nothing can be sent while it stands; false for a limit, for what is coming, and for what only this ' +
        'gateway misses.',
    }),
    since: t.expose('since', {
      type: 'DateTime',
      description:
        'Since when: the time of the event that told of it; without one, when the customer arrived; without that, the ' +
        'time at which it was read.',
    }),
    waitsFor: t.expose('waitsFor', { type: PartyEnum, description: 'Whose turn it is.' }),
    action: t.exposeString('action', {
      nullable: true,
      description: 'The mutation that takes it away; null when the app of this checklist has none.',
    }),
    help: t.string({
      nullable: true,
      description: "Address of a page of Meta's about it; null when there is none.",
      resolve: ({ help }) => (help === null ? null : helpPage(help)),
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
      description:
        'True when every step is DONE or NOT_NEEDED, and nothing known keeps the customer from sending (no `blockers` with ' +
        '`blocksSending`). What cannot be read is never taken for done. Reads all of it.',
      resolve: (list) => list.isComplete(),
    }),
    blockers: t.field({
      type: [BlockerShape],
      nullable: true,
      description:
        'What keeps the customer from sending, or soon will, the most urgent first; empty when nothing is known to. Reads ' +
        'what the steps need, and what Meta finds about account and numbers along with it. Null only beside an error that says why it could not be read.',
      resolve: async (list) => [...(await list.blockers())],
    }),
  }),
})

builder.objectField(ClientWaba, 'onboarding', (t) =>
  t.field({
    type: Onboarding,
    nullable: true,
    description:
      'How far the account is on its way to messages, as one app has it. Null only beside an error that says why it could not be read.',
    args: {
      appId: t.arg.id({ description: 'As this app has it; the app that shows the account when left out.' }),
    },
    resolve: (waba, { appId }, ctx) => {
      readAnew(ctx)
      return new Checklist(ctx, asSeenBy(ctx, waba, appId))
    },
  }),
)

function asSeenBy(ctx: Ctx, waba: NodeHandle<'ClientWaba'>, appId: string | null | undefined) {
  const id = readOptionalId('App', 'appId', appId)
  if (id === null || id === waba.viewer.app.appId) return waba
  const app = appOf(ctx, id)
  if (app) return NodeHandle.unread('ClientWaba', waba.id, { app })
  throw refuse('INVALID_INPUT', 'appId: the gateway holds no such app for this caller.')
}

const anew = new WeakSet<Ctx>()

/** A checklist shows the present and not what is cached. The checklists of one operation are read together. */
function readAnew(ctx: Ctx): void {
  if (anew.has(ctx)) return
  anew.add(ctx)
  ctx.reads.renew()
}
