import type { verificationActions, VerificationActionState as State } from './actions.ts'
import { verificationState } from './actions.ts'
import { builder } from '../graphql/builder.ts'
import { Business } from '../graphql/refs.ts'

const BusinessAction = builder.enumType('BusinessAction', {
  description: "What can be done for a customer's portfolio.",
  values: {
    SUBMIT_VERIFICATION: { description: 'submitBusinessVerification: have Meta look at its documents.' },
  } satisfies Record<(typeof verificationActions)[number], object>,
})

const BusinessActionState = builder.objectRef<State>('BusinessActionState').implement({
  description: 'Whether an app may do something for a portfolio now.',
  fields: (t) => ({
    action: t.expose('action', { type: BusinessAction, description: 'What.' }),
    appId: t.exposeString('appId', { description: 'The app that would act.' }),
    available: t.boolean({
      description: 'True when nothing known speaks against it; Graph decides about the rest.',
      resolve: ({ reason }) => reason === null,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why not, for a person to read; null when available.',
    }),
  }),
})

builder.objectField(Business, 'actions', (t) =>
  t.field({
    type: [BusinessActionState],
    nullable: true,
    description:
      'What the app that shows the portfolio may do for it: each action, and why not. Told from what it has submitted ' +
      'before, which Graph shows approved Solution Partners only; attempts by others are not seen. Null only beside an error that says why it could not be read.',
    resolve: async ({ id, viewer: { app } }, _, ctx) => [await verificationState(ctx, app, id)],
  }),
)
