import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import type { HealthStatus as Sent } from '../graph/shapes.ts'
import { builder } from '../graphql/builder.ts'
import { PartyEnum } from '../graphql/problem.ts'
import { ClientWaba, PhoneNumber } from '../graphql/refs.ts'
import { needs } from '../graphql/graph-field.ts'
import {
  accountToPay,
  healthOf,
  type EntityHealth,
  type Health as HealthShape,
  type HealthError as ErrorShape,
} from './health.ts'
import type { Party } from '../errors/problem.ts'
import { onboardingOf } from './account.ts'

const statuses = 'AVAILABLE, LIMITED or BLOCKED; an open list, as Graph sends it. Null when Graph gives none.'
const others = 'What else Graph sent with it, by its own keys; null when there was nothing.'

const HealthError = builder.objectRef<ErrorShape>('HealthError').implement({
  description: 'What is the matter with one part of what it takes to send messages.',
  fields: (t) => ({
    code: t.exposeInt('code', {
      nullable: true,
      description:
        "Meta's code, e.g. 141006 (payment method), 141010 (business not verified). Few are public. Null when Graph gives none, or one that is no number (see `other`).",
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: "Meta's text, for a person to read. Null when Graph gives none.",
    }),
    possibleSolution: t.exposeString('possibleSolution', {
      nullable: true,
      description: 'What Meta proposes, for a person to read. Null when Graph gives none.',
    }),
    waitsFor: t.expose('waitsFor', {
      type: PartyEnum,
      nullable: true,
      description:
        "Whose turn it is; META for a code that is not known, of which Meta's text is all there is. Of a missing payment method: US when the app has a credit line, PARTNER when the account came through a solution, else CUSTOMER. Null when it is nobody's turn or not known whose.",
    }),
    concernsMessaging: t.exposeBoolean('concernsMessaging', {
      description: 'False for what is about calls alone (138024, 138025): messages go out all the same.',
    }),
    other: t.expose('other', { type: 'JSON', nullable: true, description: others }),
  }),
})

const HealthEntity = builder.objectRef<EntityHealth>('HealthEntity').implement({
  description: 'One part of what it takes to send messages.',
  fields: (t) => ({
    entityType: t.exposeString('entityType', {
      nullable: true,
      description:
        'PHONE_NUMBER, WABA, BUSINESS, APP or MESSAGE_TEMPLATE; an open list, as Graph sends it. Null when Graph gives none.',
    }),
    entityId: t.exposeString('entityId', {
      nullable: true,
      description: "Meta's id of the number, account, portfolio or app. Null when Graph gives none.",
    }),
    canSendMessage: t.exposeString('canSendMessage', { nullable: true, description: statuses }),
    errors: t.field({
      type: [HealthError],
      description:
        'What is the matter, whatever the status: Meta sends errors also with LIMITED, and of calls with AVAILABLE.',
      resolve: ({ errors }) => [...errors],
    }),
    additionalInfo: t.stringList({
      description:
        "Meta's further remarks, for a person to read. Of an app: that it does not get the webhook field `messages` is no fault where another app does.",
      resolve: ({ additionalInfo }) => [...additionalInfo],
    }),
    other: t.expose('other', { type: 'JSON', nullable: true, description: others }),
  }),
})

const Health = builder.objectRef<HealthShape>('Health').implement({
  description:
    'Whether messages can be sent now, and what keeps them. From Meta\'s page "Messaging health status".',
  fields: (t) => ({
    canSendMessage: t.exposeString('canSendMessage', {
      nullable: true,
      description: `The worst of all entities, for messages only: ${statuses}`,
    }),
    entities: t.field({
      type: [HealthEntity],
      description: 'The parts, as Graph lists them.',
      resolve: ({ entities }) => [...entities],
    }),
    other: t.expose('other', { type: 'JSON', nullable: true, description: others }),
  }),
})

builder.objectField(ClientWaba, 'health', (t) =>
  t.field({
    type: Health,
    nullable: true,
    description:
      'Whether messages can be sent from the account, for the app that shows it: account, portfolio and app. May be up to 30 seconds old. Null when Graph gives none, or beside an error that says why it could not be read.',
    ...needs(['health_status']),
    resolve: async (waba, _, ctx) => {
      const { health_status: sent } = await waba.get(ctx.reads, ['health_status'])
      return sent ? show(ctx, waba.viewer.app, sent) : null
    },
  }),
)

builder.objectField(PhoneNumber, 'health', (t) =>
  t.field({
    type: Health,
    nullable: true,
    description:
      'Whether messages can be sent from the number, for the app that shows it: number, account, portfolio and app. Of a number that several accounts list, Meta does not say which one is meant. May be up to 30 seconds old. Null when Graph gives none, or beside an error that says why it could not be read.',
    ...needs(['health_status']),
    resolve: async (number, _, ctx) => {
      const { health_status: sent } = await number.get(ctx.reads, ['health_status'])
      return sent ? show(ctx, number.viewer.app, sent) : null
    },
  }),
)

async function show(ctx: Ctx, app: AppConfig, sent: Sent): Promise<HealthShape> {
  const unpaid = accountToPay(sent)
  return healthOf(sent, unpaid === null ? null : await payerOf(ctx, app, unpaid))
}

/**
 * Whose turn it is when nothing pays for an account, as far as that can be told without asking Graph: ours when the app has a
 * credit line, else the partner's in whose solution the account came, else the customer's, who can enter a card.
 */
async function payerOf(ctx: Ctx, app: AppConfig, wabaId: string): Promise<Party> {
  if (app.creditLineId !== null) return 'US'
  const [taken] = await ctx.sharings.find({ wabaId }, [app.appId])
  if (taken) return 'US'
  const onboarding = await onboardingOf(ctx, { wabaId }, app.appId)
  return onboarding !== null && onboarding.solutionId !== null ? 'PARTNER' : 'CUSTOMER'
}
