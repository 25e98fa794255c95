import {
  revokingState,
  sharingState,
  type creditActions,
  type CreditActionState as State,
} from './actions.ts'
import { builder } from '../graphql/builder.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { CreditAllocation } from './credit-allocation.graphql.ts'

const CreditAction = builder.enumType('CreditAction', {
  description: 'What can be done about credit.',
  values: {
    SHARE: { description: 'Share a line with an account: `shareCreditLine`.' },
    REVOKE: { description: 'Take a line from a business: `revokeCreditAllocation`.' },
  } satisfies Record<(typeof creditActions)[number], object>,
})

const CreditActionState = builder.objectRef<State>('CreditActionState').implement({
  description: 'Whether something may be done about credit now.',
  fields: (t) => ({
    action: t.expose('action', { type: CreditAction, description: 'What would be done.' }),
    appId: t.exposeString('appId', { description: 'Meta id of the app that would act.' }),
    available: t.boolean({
      description: 'Whether it may be done now, as far as that can be known without trying.',
      resolve: ({ reason }) => reason === null,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why not, for a person to read; null when available.',
    }),
    notice: t.exposeString('notice', {
      description: 'What whoever does it has to know: who is liable, and whom it hits.',
    }),
  }),
})

builder.objectField(ClientWaba, 'creditActions', (t) =>
  t.field({
    type: [CreditActionState],
    nullable: true,
    description:
      'What the app that sees this account may do about its credit. Null only beside an error that says why it could not be read.',
    resolve: async (waba, _, ctx) => [await sharingState(ctx, waba)],
  }),
)

builder.objectField(CreditAllocation, 'actions', (t) =>
  t.field({
    type: [CreditActionState],
    nullable: true,
    description:
      'What the app that sees this allocation may do with it. Null only beside an error that says why it could not be read.',
    resolve: async (allocation, _, ctx) => [await revokingState(ctx, allocation)],
  }),
)
