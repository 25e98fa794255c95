import type { Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { createSolution as createEndpoint, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { checkKey } from '../writes/key.ts'
import { digestOf } from '../writes/record.ts'
import { runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import { createdIn, findSolutionsLike, type SolutionsLike } from './find-created.ts'
import { checkName, chooseApp } from './input.ts'
import { readBack, type ReadBack } from './read-back.ts'
import { statusOf } from './status.ts'

export interface CreateSolutionInput {
  readonly appId: string | null
  readonly name: string
  readonly partnerAppId: string
  readonly messaging: MessagingSide
  readonly idempotencyKey: string | null
}

export type CreateSolutionResult =
  | { readonly type: 'Done'; readonly solution: NodeHandle<'Solution'> }
  | Problem

/** Creates a solution once. With a key, the same call again gives the first outcome. */
export function createSolution(ctx: Ctx, input: CreateSolutionInput): Promise<CreateSolutionResult> {
  return graphErrorsAsProblems(async () => {
    const app = chooseApp(ctx, input.appId)
    if ('type' in app) return app
    const invalid = checkInput(app, input)
    if (invalid) return invalid
    const outcome = await create(ctx, app, { ...input, name: input.name.trim() })
    if ('type' in outcome) return outcome
    const { solution } = outcome.after ?? (await readBack(ctx, app, outcome.createdId))
    return { type: 'Done', solution }
  })
}

function checkInput(
  app: AppConfig,
  { name, partnerAppId, idempotencyKey }: CreateSolutionInput,
): Problem | null {
  if (partnerAppId === app.appId)
    return invalidInput(['input', 'partnerAppId'], 'The partner must be another app than the owner.')
  return checkKey(idempotencyKey) ?? checkName(name)
}

function create(
  ctx: Ctx,
  app: AppConfig,
  input: CreateSolutionInput,
): Promise<DoneWrite<ReadBack> | Problem> {
  const { name, partnerAppId, messaging, idempotencyKey } = input
  const look = { app, name, partnerAppId }
  const request = [name, partnerAppId, messaging]
  return runWrite<SolutionsLike, ReadBack, Problem, readonly string[]>(ctx, {
    app,
    verb: 'create',
    object: `new solution:${digestOf(request)}`,
    key: idempotencyKey,
    input: request,
    about: {},
    readState: () => findSolutionsLike(ctx, look),
    record: ({ ids }) => ids,
    send: async () => {
      const { value, traceId } = await ctx.graph.write(createEndpoint(app.appId, input), { app })
      return { createdId: value.solution_id, traceId }
    },
    // Graph allows several of one name, so those that were there before say nothing.
    outcomeIn: (state, sent) => (sent === null ? 'not-made' : createdIn(ctx, state, sent)),
    readBack: (solutionId) => readBack(ctx, app, solutionId),
    publishes: (solutionId, after) => ({
      kind: 'SOLUTION_CREATED',
      before: null,
      takingPart: [app.appId, partnerAppId],
      about: { solutionId },
      ...(after?.node && { after: { status: statusOf(after.node) }, reportedStatus: statusOf(after.node) }),
    }),
  })
}
