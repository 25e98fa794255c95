import {
  createForTechProvider,
  type CreatedForTechProvider as Created,
  type TechProviderResult,
} from './create-for-tech-provider.ts'
import { builder } from '../graphql/builder.ts'
import { ProblemInterface, resultOf } from '../graphql/problem.ts'
import { Solution } from '../graphql/refs.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { MessagingSideEnum } from './mutations.graphql.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

const Input = builder.inputType('CreateSolutionsForTechProviderInput', {
  description: 'What the embedded creation button gave, and what the solutions shall be.',
  fields: (t) => ({
    appId: t.id({
      description:
        'Our app, which is invited and accepts; may be left out when one app is configured. Its system token needs ' +
        'the permission manage_app_solution.',
    }),
    userAccessToken: t.string({
      required: true,
      description: 'The user access token from the embedded creation button. Used at once, never stored.',
    }),
    name: t.string({
      required: true,
      description: 'Name of each solution, 2 to 75 characters. Under it an unfinished call is found again.',
    }),
    messaging: t.field({
      type: MessagingSideEnum,
      required: true,
      defaultValue: 'OWNER',
      description:
        "The one side that may send messages; the owner is the Tech Provider's app. Meta's guide gives it to both, " +
        'its reference says that one side only may have it.',
    }),
    idempotencyKey: t.string({ description: `${keyDescription} What was left undone is gone on with.` }),
  }),
})

const CreatedForTechProvider = builder.objectRef<Created>('CreatedForTechProvider').implement({
  description: 'What came of one of the apps that the Tech Provider picked.',
  fields: (t) => ({
    techProviderAppId: t.exposeString('techProviderAppId', {
      description: 'Meta id of the app, which owns the solution.',
    }),
    solution: t.expose('solution', {
      type: Solution,
      nullable: true,
      description: 'The solution, read again; null when it could not be created.',
    }),
    accepted: t.exposeBoolean('accepted', { description: 'Whether our app takes part in it now.' }),
    problem: t.expose('problem', {
      type: ProblemInterface,
      nullable: true,
      description:
        'Why it was not created or not accepted; the same call again goes on. Null when all is done.',
    }),
  }),
})

type TechProviderDone = Extract<TechProviderResult, { type: 'Done' }>

const TechProviderPayload = builder
  .objectRef<TechProviderDone>('CreateSolutionsForTechProviderPayload')
  .implement({
    description: 'One result for each app that was picked.',
    fields: (t) => ({
      created: t.expose('created', {
        type: [CreatedForTechProvider],
        description: "In Graph's order of the apps; some may have failed.",
      }),
    }),
  })

const TechProviderResultType = resultOf(TechProviderPayload, 'What came of an embedded creation.')

builder.mutationField('createSolutionsForTechProvider', (t) =>
  t.field({
    type: TechProviderResultType,
    description:
      "Embedded creation: create a solution for each app the Tech Provider picked, with that person's token, and accept " +
      'it with ours. From Meta\'s guide "Multi-Partner Solution - Embedded creation".',
    args: {
      input: t.arg({ type: Input, required: true, description: 'What the button gave, and the name.' }),
    },
    resolve: (_, { input }, ctx) => {
      const ids = readIds(input, { appId: 'App' })
      if (isProblem(ids)) return ids
      const { idempotencyKey = null } = input
      return checkKey(idempotencyKey) ?? createForTechProvider(ctx, { ...input, ...ids, idempotencyKey })
    },
  }),
)
