import { NodeHandle } from '../reads/node-handle.ts'
import { keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { checkOverride, clearOverride, setOverride } from './override.ts'
import { accountFields, changeAccount, type AccountDone } from './account-change.graphql.ts'
import { subscribe, unsubscribe } from './subscription.ts'

const WabaSubscriptionInput = builder.inputType('WabaSubscriptionInput', {
  description: 'Which account, and which app.',
  fields: (t) => ({
    ...accountFields(t),
    dropOverride: t.boolean({
      defaultValue: false,
      description:
        'For unsubscribing only: a callback override ends with the subscription, and is ended when this is true.',
    }),
  }),
})

const WebhookOverrideInput = builder.inputType('WebhookOverrideInput', {
  description: "Where an account's webhooks go in place of the app's own callback.",
  fields: (t) => ({
    ...accountFields(t, `${keyDescription} The verify token is not compared.`),
    callbackUri: t.string({
      required: true,
      description:
        'An https address of a host that the operator allows (WEBHOOK_OVERRIDE_HOSTS), 200 characters at most.',
    }),
    verifyToken: t.string({
      required: true,
      description: 'What Meta sends to the callback to verify it. Never shown, logged or stored.',
    }),
  }),
})

const ClearOverrideInput = builder.inputType('ClearWebhookOverrideInput', {
  description: 'Which override ends.',
  fields: (t) => ({
    ...accountFields(t),
  }),
})

const WabaSubscriptionPayload = builder.objectRef<AccountDone>('WabaSubscriptionPayload').implement({
  description: 'It is as it was asked for. Where it was so before, nothing was sent.',
  fields: (t) => ({
    clientWaba: t.field({
      type: ClientWaba,
      description: 'The account, as the app sees it now.',
      resolve: ({ account: { app, wabaId } }) => NodeHandle.unread('ClientWaba', wabaId, { app }),
    }),
  }),
})

const WabaSubscriptionResult = resultOf(
  WabaSubscriptionPayload,
  'The account after the change, or why nothing was changed.',
)

builder.mutationFields((t) => ({
  subscribeAppToWaba: t.field({
    type: WabaSubscriptionResult,
    description:
      "Subscribes the app to the account's webhooks. Where it is subscribed nothing is sent, so a callback override stays.",
    args: { input: t.arg({ type: WabaSubscriptionInput, required: true, description: 'Which account.' }) },
    resolve: (_, { input }, ctx) => changeAccount(ctx, input, (account, key) => subscribe(ctx, account, key)),
  }),
  unsubscribeAppFromWaba: t.field({
    type: WabaSubscriptionResult,
    description: "Ends the app's subscription: no webhook of the account's messages comes any more.",
    args: { input: t.arg({ type: WabaSubscriptionInput, required: true, description: 'Which account.' }) },
    resolve: (_, { input }, ctx) =>
      changeAccount(ctx, input, (account, key) =>
        unsubscribe(ctx, account, key, input.dropOverride ?? false),
      ),
  }),
  setWabaWebhookOverride: t.field({
    type: WabaSubscriptionResult,
    description:
      "Sends the account's message webhooks to another callback, which Meta verifies first. `account_update` and " +
      '`partner_solutions` go on to the app. Source: Meta\'s page "Override webhooks".',
    args: {
      input: t.arg({ type: WebhookOverrideInput, required: true, description: 'Which, and where to.' }),
    },
    resolve: (_, { input }, ctx) =>
      checkOverride(ctx, input) ??
      changeAccount(ctx, input, (account, key) => setOverride(ctx, account, key, input)),
  }),
  clearWabaWebhookOverride: t.field({
    type: WabaSubscriptionResult,
    description: "Ends an override: webhooks go to the app's callback again. The subscription stays.",
    args: { input: t.arg({ type: ClearOverrideInput, required: true, description: 'Which account.' }) },
    resolve: (_, { input }, ctx) =>
      changeAccount(ctx, input, (account, key) => clearOverride(ctx, account, key)),
  }),
}))
