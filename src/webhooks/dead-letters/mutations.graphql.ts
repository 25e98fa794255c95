import type { Ctx } from '../../context.ts'
import { invalidInput, type Problem } from '../../errors/problem.ts'
import { builder } from '../../graphql/builder.ts'
import { parseId } from '../../graphql/ids.ts'
import { resultOf } from '../../graphql/problem.ts'
import { graphErrorsAsProblems } from '../../problems.ts'
import { DeadLetterNode } from './dead-letters.graphql.ts'
import { settleDeadLetter, type SettledLetter, type Settling } from './settle.ts'

const DeadLetterInput = builder.inputType('DeadLetterInput', {
  description: 'Which dead letter.',
  fields: (t) => ({
    deadLetterId: t.id({ required: true, description: 'Global id of the dead letter, or its number.' }),
    idempotencyKey: t.string({
      description:
        'The same request with the same key is done once; another request with it is a CONFLICT. 1 to 255 characters.',
    }),
  }),
})

const DeadLetterPayload = builder.objectRef<SettledLetter>('DeadLetterPayload').implement({
  description: 'What became of a dead letter.',
  fields: (t) => ({
    deadLetter: t.expose('letter', {
      type: DeadLetterNode,
      description:
        'The letter as it is now. `handled` says whether it is settled, the last of `attempts` why not.',
    }),
    repeated: t.exposeBoolean('repeated', {
      description: 'True when nothing was done: it was settled before, or the key had been used for it.',
    }),
  }),
})

const DeadLetterResult = resultOf(DeadLetterPayload, 'The letter, or why nothing was done with it.')

interface Given {
  readonly deadLetterId: string
  readonly idempotencyKey?: string | null | undefined
}

async function settle(ctx: Ctx, verb: Settling['verb'], input: Given): Promise<SettledLetter | Problem> {
  const parsed = parseId('DeadLetter', input.deadLetterId)
  if ('problem' in parsed) return invalidInput(['input', 'deadLetterId'], parsed.problem)
  const { idempotencyKey = null } = input
  return graphErrorsAsProblems(() => settleDeadLetter(ctx, { verb, ...parsed, idempotencyKey }))
}

builder.mutationFields((t) => ({
  redriveDeadLetter: t.field({
    type: DeadLetterResult,
    description:
      'Handles a dead letter again with the rules of this release, as `mps-gateway replay drive` does. What it becomes is an ' +
      'event like any other; of a letter of which nothing is kept, this is the look that settles it. Nothing is sent to Graph.',
    args: {
      input: t.arg({ type: DeadLetterInput, required: true, description: 'Which letter.' }),
    },
    resolve: (_, { input }, ctx) => settle(ctx, 'redriveDeadLetter', input),
  }),
  discardDeadLetter: t.field({
    type: DeadLetterResult,
    description:
      'Settles a dead letter without handling it, for one that no release will ever handle. It stays until retention takes ' +
      'it, with this among its attempts. Nothing is sent to Graph.',
    args: {
      input: t.arg({ type: DeadLetterInput, required: true, description: 'Which letter.' }),
    },
    resolve: (_, { input }, ctx) => settle(ctx, 'discardDeadLetter', input),
  }),
}))
