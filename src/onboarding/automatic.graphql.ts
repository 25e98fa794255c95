import { ruleStatusOf, type RuleStatus as Found, type RuleState as State } from './rule/automatic.ts'
import { builder } from '../graphql/builder.ts'
import { Onboarding, OnboardingStepKind } from './onboarding.graphql.ts'
import { PartyEnum } from '../graphql/party.ts'

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
  } satisfies Record<State, object>,
})

const AutomaticOnboarding = builder.objectRef<Found>('AutomaticOnboarding').implement({
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
