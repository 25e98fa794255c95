import type { Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { createSolution as createEndpoint, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { checkKey } from '../writes/key.ts'
import { runWrite } from '../writes/run.ts'
import { digestOf, type Outcome, type Write } from '../writes/write.ts'
import { findCreated, findSolutionsLike } from './find-created.ts'
import { checkName, chooseApp } from './input.ts'
import { readBack } from './read-back.ts'
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
    const write = writeOf(ctx, app, { ...input, name: input.name.trim() })
    return toResult(ctx, app, await runWrite(ctx, write))
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

type CreateWrite = Write<readonly string[]>

function writeOf(ctx: Ctx, app: AppConfig, input: CreateSolutionInput): CreateWrite {
  const { name, partnerAppId, messaging, idempotencyKey } = input
  const look = { app, name, partnerAppId }
  const request = [name, partnerAppId, messaging]
  return {
    app,
    verb: 'create',
    object: `new solution:${digestOf(request)}`,
    key: idempotencyKey,
    input: request,
    about: {},
    prepare: async () => ({ before: (await findSolutionsLike(ctx, look)).ids }),
    send: async () => {
      const { value, traceId } = await ctx.graph.write(createEndpoint(app.appId, input), { app })
      return { createdId: value.solution_id, traceId }
    },
    lookUpOutcome: (before, startedAt) => findCreated(ctx, look, before, startedAt),
    publishes: (solutionId) => ({
      kind: 'SOLUTION_CREATED',
      before: null,
      takingPart: [app.appId, partnerAppId],
      about: { solutionId },
    }),
  }
}

async function toResult(ctx: Ctx, app: AppConfig, outcome: Outcome): Promise<CreateSolutionResult> {
  if (!('createdId' in outcome)) return 'problem' in outcome ? outcome.problem : outcome.refused
  const { solution, node } = await readBack(ctx, app, outcome.createdId)
  const status = node && statusOf(node)
  await outcome.publish({ after: status && { status }, reportedStatus: status })
  return { type: 'Done', solution }
}
