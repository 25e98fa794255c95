import type { InvalidInputProblemType as Invalid } from '../errors/problem.ts'
import type { Ctx } from '../context.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { resultByStateOf, resultOf } from '../graphql/problem.ts'
import { Solution } from '../graphql/refs.ts'
import { actOnSolution, type ActionResult } from './act.ts'
import { createSolution, type CreateSolutionResult as Created } from './create.ts'
import type { SolutionAction } from './lifecycle.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

export const MessagingSideEnum = builder.enumType('MessagingSide', {
  description: 'One of the two sides of a solution.',
  values: {
    OWNER: { description: 'The app that creates the solution.' },
    PARTNER: { description: 'The app that is invited.' },
  },
})

const CreateSolutionInput = builder.inputType('CreateSolutionInput', {
  description: 'A new solution and the partner that is invited to it.',
  fields: (t) => ({
    appId: t.id({
      description: 'App that will own the solution; may be left out when one app is configured.',
    }),
    name: t.string({
      required: true,
      description: 'Name, 2 to 75 characters. It cannot be changed through the API.',
    }),
    partnerAppId: t.string({ required: true, description: 'Meta id of the app that is invited.' }),
    messaging: t.field({
      type: MessagingSideEnum,
      required: true,
      description: 'The one side that may send messages. It cannot be changed afterwards.',
    }),
    idempotencyKey: t.string({ description: keyDescription }),
  }),
})

const SolutionActionInput = builder.inputType('SolutionActionInput', {
  description: 'Which solution, and which app acts.',
  fields: (t) => ({
    solutionId: t.id({ required: true, description: 'Global id or Meta solution id.' }),
    appId: t.id({
      description: 'The app that acts; may be left out when one configured app takes part in the solution.',
    }),
    idempotencyKey: t.string({ description: keyDescription }),
  }),
})

interface SolutionDone {
  readonly type: 'Done'
  readonly solution: NodeHandle<'Solution'>
}

const payload = (name: string, description: string, of: string) =>
  builder.objectRef<SolutionDone>(name).implement({
    description,

    fields: (t) => ({ solution: t.expose('solution', { type: Solution, description: of }) }),
  })

const CreateSolutionPayload = payload(
  'CreateSolutionPayload',
  'The solution was created and the partner invited.',
  'The new solution.',
)
const SolutionActionPayload = payload(
  'SolutionActionPayload',
  'The action was taken.',
  'The solution, read again after the action.',
)

const CreateSolutionResult = resultOf(CreateSolutionPayload, 'The new solution, or why there is none.')
const SolutionActionResult = resultByStateOf(
  SolutionActionPayload,
  'The solution after the action, or why it was not taken.',
)

builder.mutationField('createSolution', (t) =>
  t.field({
    type: CreateSolutionResult,
    description: 'Creates a solution and invites its partner. Graph can create two with one name: use a key.',
    args: { input: t.arg({ type: CreateSolutionInput, required: true, description: 'What to create.' }) },
    resolve: (_, { input }, ctx): Promise<Created> | Invalid => {
      const ids = readIds(input, { appId: 'App', partnerAppId: 'App' })
      if (isProblem(ids)) return ids
      const { appId, partnerAppId } = ids
      const { name, messaging, idempotencyKey = null } = input
      return createSolution(ctx, { appId, name, partnerAppId: partnerAppId ?? '', messaging, idempotencyKey })
    },
  }),
)

const actions = {
  acceptSolution: ['ACCEPT', 'The invited partner accepts. It cannot be taken back.'],
  rejectSolution: ['REJECT', 'The invited partner declines.'],
  requestSolutionDeactivation: [
    'REQUEST_DEACTIVATION',
    'The owner asks to end the solution. It goes on until the partner agrees.',
  ],
  acceptSolutionDeactivation: ['ACCEPT_DEACTIVATION', 'The other side agrees to end the solution, for good.'],
  rejectSolutionDeactivation: [
    'REJECT_DEACTIVATION',
    'The other side declines to end the solution: it stays active.',
  ],
} satisfies Record<string, [SolutionAction, string]>

for (const [field, [action, description]] of Object.entries(actions) as [string, [SolutionAction, string]][])
  builder.mutationField(field, (t) =>
    t.field({
      type: SolutionActionResult,
      description,
      args: {
        input: t.arg({
          type: SolutionActionInput,
          required: true,
          description: 'Which solution, and who acts.',
        }),
      },
      resolve: (_, { input }, ctx) => act(ctx, action, input),
    }),
  )

interface ActionArguments {
  readonly solutionId: string
  readonly appId?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

function act(ctx: Ctx, action: SolutionAction, input: ActionArguments): Promise<ActionResult> | Invalid {
  const ids = readIds({ ...input }, { solutionId: 'Solution', appId: 'App' })
  if (isProblem(ids)) return ids
  const { idempotencyKey = null } = input
  return (
    checkKey(idempotencyKey) ??
    actOnSolution(ctx, action, { solutionId: ids.solutionId ?? '', appId: ids.appId, idempotencyKey })
  )
}
