import { appIdsOf } from '../context.ts'
import { restrictionsOn, type Restriction } from './restrictions.ts'
import { builder } from '../graphql/builder.ts'
import { PartyEnum } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'

const RestrictionInForce = builder.objectRef<Restriction>('RestrictionInForce').implement({
  description: "Something that an account, or a number of it, may not do now, as Meta's webhooks have told.",
  fields: (t) => ({
    type: t.exposeString('type', {
      description:
        'As sent (open list): what is restricted, e.g. RESTRICTED_BIZ_INITIATED_MESSAGING; of a ban DISABLE or SCHEDULE_FOR_DISABLE; where Meta says no more, what it is for.',
    }),
    since: t.expose('at', {
      type: 'DateTime',
      description: "Meta's time of the event that last told of it.",
    }),
    until: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it ends by itself; it is not shown after that. Null when Meta gave no end, as of a ban.',
    }),
    stopsMessages: t.exposeBoolean('stopsMessages', {
      description:
        'Whether it keeps messages from being sent, and not only calls, new numbers or some templates.',
    }),
    waitsFor: t.field({
      type: PartyEnum,
      description: 'Whose turn it is: the customer may appeal in Business Support Home.',
      resolve: () => 'CUSTOMER' as const,
    }),
    displayPhoneNumber: t.exposeString('number', {
      nullable: true,
      description:
        'The number that it is about, as digits with country code. Null when it is about the account.',
    }),
    violationType: t.exposeString('violationType', {
      nullable: true,
      description: 'What it is for, as sent (open list: ADULT, SCAM …). Null when Meta does not say.',
    }),
    remediation: t.exposeString('remediation', {
      nullable: true,
      description: "Meta's advice, in English. Null when there is none.",
    }),
    banDate: t.exposeString('banDate', {
      nullable: true,
      description:
        'Of a ban, its day as ISO 8601 (2025-04-17). Null when there is none, or in a form that cannot be read.',
    }),
  }),
})

builder.objectField(ClientWaba, 'restrictions', (t) =>
  t.field({
    type: [RestrictionInForce],
    nullable: true,
    description:
      'What Meta restricts now, from the ACCOUNT_RESTRICTION and DISABLED_UPDATE webhooks that apps of the caller were sent. No Graph call: Graph has no field for it, and `status` and `health` tell what it comes to. Empty when nothing was told that is still in force; older events than are kept count no more. Null only beside an error that says why it could not be read.',
    resolve: async ({ id }, _, ctx) => [...(await restrictionsOn(ctx.log, id, appIdsOf(ctx), ctx.clock()))],
  }),
)
