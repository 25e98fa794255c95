import { neededFields } from '../alerts/fields.ts'
import { appOf } from '../context.ts'
import type {
  AccountWebhookHealth as AccountHealth,
  WebhookLag as Lag,
} from '../events/sql/account-health.ts'
import type { WebhookHealth as Health } from '../events/sql/health.ts'
import { builder } from '../graphql/builder.ts'
import { App, ClientWaba } from '../graphql/refs.ts'

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000)

const WebhookLag = builder.objectRef<Lag>('WebhookLag').implement({
  description:
    "How late the changes of the last hour came: when each was received less Meta's own time of it. Meta's time is of whole " +
    "seconds and of Meta's clock, ours of the instance that received it: below zero is an instance whose clock is behind.",
  fields: (t) => ({
    lastSeconds: t.int({
      description: 'Seconds, of the change that came last.',
      resolve: ({ last }) => seconds(last),
    }),
    medianSeconds: t.int({
      description: 'Seconds, of the one in the middle. Some seconds are usual.',
      resolve: ({ median }) => seconds(median),
    }),
    largestSeconds: t.int({
      description:
        'Seconds, of the one that came latest. Minutes and more mean that Meta had to repeat it: an answer was not 200.',
      resolve: ({ largest }) => seconds(largest),
    }),
  }),
})

const isNeeded = (field: string): boolean => neededFields.some((needed) => needed === field)

const WebhookHealth = builder.objectRef<Health>('WebhookHealth').implement({
  description:
    "How an app's webhooks come in. Each change counts, also of one post, and also of fields that are not kept (messages and so on).",
  fields: (t) => ({
    lastReceivedAt: t.expose('lastReceivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last post came, new or repeated, whatever it held; null when none ever did.',
    }),
    receivedLastHour: t.exposeInt('receivedLastHour', {
      description: 'Changes in the last 60 minutes, with repeats.',
    }),
    duplicatesLastHour: t.exposeInt('duplicatesLastHour', {
      description:
        'Of what came in the last hour, repeats of known events. Many mean that answers to Meta are slow or lost. Of what is not kept, a repeat cannot be told.',
    }),
    deadLetters: t.exposeInt('deadLetters', {
      description: 'Pieces that could not be read and wait: see `deadLetters`. Anything but 0 wants a look.',
    }),
    lag: t.expose('lag', {
      type: WebhookLag,
      nullable: true,
      description:
        'How late new changes came in the last hour: of the newest 1,000 that are kept as events and that Meta gave a time. ' +
        'Null when none came.',
    }),
    missingFields: t.stringList({
      nullable: true,
      resolve: ({ missingFields }) => missingFields?.filter(isNeeded) ?? null,
      description:
        'Webhook fields that the gateway needs and that Graph, when it was last compared with, would not send: the app is ' +
        'not subscribed to them. Empty when all is well; null when nobody has looked.',
    }),
    recommendedFields: t.stringList({
      nullable: true,
      resolve: ({ missingFields }) => missingFields?.filter((field) => !isNeeded(field)) ?? null,
      description:
        'Webhook fields that Graph, when it was last compared with, would not send, and without which the gateway works: ' +
        'each that is subscribed to brings its `AccountAlertEvent`s. Null when nobody has looked.',
    }),
  }),
})

builder.objectField(App, 'webhookHealth', (t) =>
  t.field({
    type: WebhookHealth,
    nullable: true,
    description: "From the gateway's own store, across restarts; null for a partner's app.",
    resolve: (app, _, ctx) => (appOf(ctx, app.id) ? ctx.webhookHealth(app.id, ctx.clock()) : null),
  }),
)

const ClientWabaWebhookHealth = builder.objectRef<AccountHealth>('ClientWabaWebhookHealth').implement({
  description:
    'How the webhooks of an account come in to the app that shows it. What is kept as events counts, and their repeats: no ' +
    'messages, and none of the changes that Meta sends without naming the account.',
  fields: (t) => ({
    lastReceivedAt: t.expose('lastReceivedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the last change came, new or repeated; null when none is kept any more, or ever came.',
    }),
    receivedLastHour: t.exposeInt('receivedLastHour', {
      description:
        'Changes in the last 60 minutes, with repeats; of new ones 5,000 at most. Repeats that came to another instance count some seconds later.',
    }),
    duplicatesLastHour: t.exposeInt('duplicatesLastHour', {
      description:
        'Of them, repeats of known events. Meta repeats a post to every app on the account when one of them does not answer.',
    }),
    lag: t.expose('lag', {
      type: WebhookLag,
      nullable: true,
      description:
        'How late new changes came in the last hour, of the newest 200. Null when none came with a time.',
    }),
  }),
})

builder.objectField(ClientWaba, 'webhookHealth', (t) =>
  t.field({
    type: ClientWabaWebhookHealth,
    nullable: true,
    description:
      "From the gateway's own store, over all instances. That nothing comes from an account is no sign of a fault. Null only " +
      'beside an error that says why it could not be read.',
    resolve: ({ id, viewer }, _, ctx) => ctx.accountWebhookHealth(viewer.app.appId, id, ctx.clock()),
  }),
)
