import { stoppable } from '../events/stoppable.ts'
import { findAccount } from '../accounts/account.ts'
import { followProgress, type Progress } from './progress.ts'
import { builder } from '../graphql/builder.ts'
import { EventSourceEnum } from '../feed/event.graphql.ts'
import { Onboarding } from './onboarding.graphql.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { readId, readOptionalId, refuse } from '../graphql/refuse.ts'
import { keptPosition, placed } from '../feed/subscriptions.graphql.ts'

const ClientWabaProgress = builder.objectRef<Progress>('ClientWabaOnboardingProgress').implement({
  description: 'The checklist of an account, at the start or after a change.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the event log: pass it as `after` to go on from here.',
      resolve: ({ seq }, _, ctx) => ctx.log.cursors.encode(seq),
    }),
    initial: t.exposeBoolean('initial', {
      description: 'True for the first item: the checklist at the start of the subscription.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'Time of the event that made the gateway look; of the look itself when `initial`.',
    }),
    source: t.expose('source', {
      type: EventSourceEnum,
      description: 'Source of that event; GATEWAY when `initial`.',
    }),
    onboarding: t.field({
      type: Onboarding,
      nullable: true,
      description:
        'The checklist as it is now. Null only beside an error that says why it could not be read.',
      resolve: ({ checklist }) => checklist,
    }),
    clientWaba: t.field({
      type: ClientWaba,
      description: 'The account.',
      resolve: ({ clientWaba }) => clientWaba,
    }),
  }),
})

builder.subscriptionField('clientWabaOnboardingProgress', (t) =>
  t.field({
    type: ClientWabaProgress,
    description:
      'The checklist of one account now, then after each event that changed it: whoever did it, through this gateway ' +
      'or not. While Graph is down the stream waits.',
    args: {
      wabaId: t.arg.id({ required: true, description: 'The account: global id or WABA id.' }),
      appId: t.arg.id({
        description: 'As this app sees it; may be left out when one configured app sees the account.',
      }),
      after: t.arg.string({
        description:
          'Cursor behind which to go on; from now when left out. With it there is no initial item.',
      }),
    },
    subscribe: async (_, { wabaId, appId, after }, ctx) => {
      const account = await findAccount(ctx, {
        wabaId: readId('ClientWaba', 'wabaId', wabaId),
        appId: readOptionalId('App', 'appId', appId),
      })
      if ('type' in account) throw refuse(account.code, account.message)
      const position = await keptPosition(ctx, after)
      const wanted = { app: account.app, wabaId: account.wabaId, ...position }
      return stoppable(ctx.draining, (signal) =>
        placed(ctx, followProgress(ctx, wanted, signal), ({ seq }) => seq),
      )
    },
    resolve: (progress: Progress) => progress,
  }),
)
