import { readSubscription, type Subscription } from './subscription.ts'
import { builder } from '../graphql/builder.ts'
import { ClientWaba } from '../graphql/refs.ts'

const WebhookSubscription = builder.objectRef<Subscription>('WebhookSubscription').implement({
  description: 'Where the webhooks of an account go, for one app.',
  fields: (t) => ({
    subscribed: t.exposeBoolean('subscribed', {
      description: 'Whether the app gets the webhooks of the account.',
    }),
    overrideCallbackUri: t.exposeString('overrideCallbackUri', {
      nullable: true,
      description:
        "Where messages and the like go in place of the app's own callback; null when there is no override. " +
        'Source: Meta\'s page "Override webhooks".',
    }),
  }),
})

builder.objectField(ClientWaba, 'webhookSubscription', (t) =>
  t.field({
    type: WebhookSubscription,
    nullable: true,
    description:
      'The subscription of the app that shows the account. Null only beside an error that says why it could not be read.',
    resolve: ({ id: wabaId, viewer: { app } }, _, ctx) => readSubscription(ctx.reads, { app, wabaId }),
  }),
)
