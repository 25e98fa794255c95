import {
  actionsOnNumber,
  actionsOnWaba,
  type ActionState,
  type NumberAction,
  type WabaAction,
} from './actions.ts'
import { budgetOf } from '../phone-numbers/registration-budget.ts'
import { builder } from '../graphql/builder.ts'
import { recentRequests } from './limits.graphql.ts'
import { ClientWaba, PhoneNumber } from '../graphql/refs.ts'

const WabaActionEnum = builder.enumType('ClientWabaAction', {
  description: 'What an app can do with an account. For credit see `creditActions`.',
  values: {
    SUBSCRIBE_APP: { description: 'subscribeAppToWaba: get the webhooks of the account.' },
    UNSUBSCRIBE_APP: { description: 'unsubscribeAppFromWaba: get them no more.' },
    SET_WEBHOOK_OVERRIDE: { description: 'setWabaWebhookOverride: send its message webhooks elsewhere.' },
    CLEAR_WEBHOOK_OVERRIDE: { description: 'clearWabaWebhookOverride: send them to the app again.' },
    ADD_PHONE_NUMBER: { description: 'addPhoneNumber: the first of four steps.' },
  } satisfies Record<WabaAction, object>,
})

const NumberActionEnum = builder.enumType('PhoneNumberAction', {
  description: 'What an app can do with a number.',
  values: {
    REQUEST_CODE: { description: 'requestPhoneNumberCode: have Meta send a code, which costs money.' },
    VERIFY_CODE: { description: 'verifyPhoneNumberCode: hand the code in.' },
    REGISTER: { description: 'registerPhoneNumber: go live.' },
    DEREGISTER: { description: 'deregisterPhoneNumber: go off the Cloud API.' },
  } satisfies Record<NumberAction, object>,
})

const available = 'True when nothing known speaks against it; Graph decides about the rest.'
const reason = 'Why not, for a person to read; null when available.'

const WabaActionState = builder.objectRef<ActionState<WabaAction>>('ClientWabaActionState').implement({
  description: 'Whether an app may do something with an account now.',
  fields: (t) => ({
    action: t.expose('action', { type: WabaActionEnum, description: 'What.' }),
    appId: t.exposeString('appId', { description: 'The app that would act.' }),
    available: t.boolean({ description: available, resolve: (state) => state.reason === null }),
    reason: t.exposeString('reason', { nullable: true, description: reason }),
  }),
})

const NumberActionState = builder.objectRef<ActionState<NumberAction>>('PhoneNumberActionState').implement({
  description: 'Whether an app may do something with a number now.',
  fields: (t) => ({
    action: t.expose('action', { type: NumberActionEnum, description: 'What.' }),
    appId: t.exposeString('appId', { description: 'The app that would act.' }),
    available: t.boolean({ description: available, resolve: (state) => state.reason === null }),
    reason: t.exposeString('reason', { nullable: true, description: reason }),
  }),
})

builder.objectField(ClientWaba, 'actions', (t) =>
  t.field({
    type: [WabaActionState],
    nullable: true,
    description:
      'What the app that shows the account may do with it: each action, and why not. Whether there is a token for it is ' +
      'tried, not read off the names of scopes. Null only beside an error that says why it could not be read.',
    resolve: async (waba, _, ctx) => [...(await actionsOnWaba(ctx, waba))],
  }),
)

builder.objectField(PhoneNumber, 'actions', (t) =>
  t.field({
    type: [NumberActionState],
    nullable: true,
    description:
      'What the app that shows the number may do with it: each action, and why not. All of it also takes the business ' +
      "token of the customer: see the account's `actions`. Null only beside an error that says why it could not be read.",
    resolve: async (number, _, ctx) => {
      const budget = budgetOf(await recentRequests(ctx), number.id, ctx.clock())
      return [...(await actionsOnNumber(ctx, number, budget))]
    },
  }),
)
