import { appOf } from '../context.ts'
import type { AllowanceReading } from '../graph/budget/budgets.ts'
import { builder } from '../graphql/builder.ts'
import { App, ClientWaba } from '../graphql/refs.ts'

const ApiUsage = builder.objectRef<AllowanceReading>('ApiUsage').implement({
  description:
    "What is left of an allowance of calls to Graph, from Meta's usage headers and from counting our own calls. It is what " +
    'this process knows: other instances and other callers of the same app use it up as well. Source: Meta\'s page "Rate limits".',
  fields: (t) => ({
    percent: t.float({
      nullable: true,
      description:
        'How much is used up, 0 to 100 and above; Graph refuses at 100, and reads of this gateway end at 95. Null when Graph has not said and the limit is not known.',
      resolve: ({ percent }) => percent && Math.round(percent * 10) / 10,
    }),
    callsLastHour: t.exposeInt('calls', {
      description:
        'Calls of ours in the last 60 minutes, of those that Meta counts for an account. Of an app 0: it has no such count.',
    }),
    callsLeft: t.exposeInt('callsLeft', {
      nullable: true,
      description:
        'How many more there may be within the hour. Null when the limit is not known: 200, or 5,000 once a number is registered, and Graph does not say which.',
    }),
    blockedUntil: t.expose('stoppedUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when Graph has asked to wait: nothing is sent before. Null when it has not.',
    }),
    resetsAt: t.expose('freeAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When nothing of it will be used up, if nothing more is called. Null when nothing is.',
    }),
  }),
})

builder.objectField(ClientWaba, 'apiUsage', (t) =>
  t.field({
    type: ApiUsage,
    nullable: true,
    description:
      'What is left of the calls that the app which shows the account may make about it. No Graph call. Null when nothing is known, as before the first call of an hour.',
    resolve: ({ id, viewer: { app } }, _, ctx) => ctx.graph.allowance(app.appId, id),
  }),
)

builder.objectField(App, 'apiUsage', (t) =>
  t.field({
    type: ApiUsage,
    nullable: true,
    description:
      "What is left of the app's own calls, by the kind of its tokens that has the least. No Graph call. Null when nothing is known, and for a partner's app.",
    resolve: ({ id }, _, ctx) => (appOf(ctx, id) ? ctx.graph.allowance(id, null) : null),
  }),
)
