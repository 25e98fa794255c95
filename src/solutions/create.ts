import { createHash } from 'node:crypto'
import { appOf, type Ctx } from '../context.ts'
import type { AppConfig } from '../config.ts'
import { invalidInput, type Problem } from '../errors.ts'
import { createSolution as createEndpoint, type MessagingSide } from '../graph/endpoints/solutions.ts'
import { GraphError } from '../graph/error.ts'
import type { Seen } from '../loaders/seen.ts'
import { graphErrorsAsProblems, toProblem } from '../problems.ts'
import { findCreated, findSolutionsLike, type Look } from './find-created.ts'
import { once, unknownOutcome, type Outcome } from './once.ts'
import { readBack } from './read-back.ts'
import { recordAction } from './record.ts'
import { statusOf, type SolutionStatus } from './status.ts'

export interface CreateSolutionInput {
  readonly appId: string | null
  readonly name: string
  readonly partnerAppId: string
  readonly messaging: MessagingSide
  readonly idempotencyKey: string | null
}

export type CreateSolutionResult = { readonly type: 'Done'; readonly solution: Seen<'Solution'> } | Problem

/** Creates a solution once. With a key, the same call again gives the first outcome. */
export function createSolution(ctx: Ctx, input: CreateSolutionInput): Promise<CreateSolutionResult> {
  return graphErrorsAsProblems(async () => {
    const app = ownerApp(ctx, input.appId)
    if ('type' in app) return app
    const invalid = checkInput(app, input)
    if (invalid) return invalid
    const trimmed = { ...input, name: input.name.trim() }
    return toResult(ctx, app, trimmed, await write(ctx, app, trimmed))
  })
}

function ownerApp(ctx: Ctx, appId: string | null): AppConfig | Problem {
  const [only, ...others] = ctx.actor.apps
  const app = appId === null ? (others.length === 0 ? only : null) : appOf(ctx, appId)
  if (app) return app
  const why =
    appId === null
      ? 'Several apps are configured: say which one will own the solution.'
      : 'The gateway holds no such app for this caller.'
  return invalidInput(['input', 'appId'], why)
}

// Meta's OpenAPI file: solution_name has 2 to 75 characters.
function checkInput(
  app: AppConfig,
  { name, partnerAppId, idempotencyKey }: CreateSolutionInput,
): Problem | null {
  const length = [...name.trim()].length
  if (length < 2 || length > 75 || /\p{Cc}/u.test(name))
    return invalidInput(
      ['input', 'name'],
      'A solution name has 2 to 75 characters, none of them a control character.',
    )
  if (partnerAppId === app.appId)
    return invalidInput(['input', 'partnerAppId'], 'The partner must be another app than the owner.')
  if (idempotencyKey !== null && (idempotencyKey.length < 1 || idempotencyKey.length > 255))
    return invalidInput(['input', 'idempotencyKey'], 'A key has 1 to 255 characters.')
  return null
}

function write(ctx: Ctx, app: AppConfig, input: CreateSolutionInput): Promise<Outcome> {
  const look: Look = { app, name: input.name, partnerAppId: input.partnerAppId, startedAt: ctx.clock() }
  const steps = {
    prepare: () => findSolutionsLike(ctx, look),
    send: (before: readonly string[]) => send(ctx, input, look, before),
    find: (before: readonly string[], startedAt: number) => findCreated(ctx, { ...look, startedAt }, before),
  }
  if (input.idempotencyKey === null) return steps.prepare().then(steps.send)
  const id = { appId: app.appId, verb: 'create_solution', key: input.idempotencyKey }
  return once(ctx, id, fingerprint(input), steps)
}

async function send(
  ctx: Ctx,
  input: CreateSolutionInput,
  look: Look,
  before: readonly string[],
): Promise<Outcome> {
  try {
    const { solution_id } = await ctx.graph.call(createEndpoint(look.app.appId, input), { app: look.app })
    return { made: solution_id }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    if (!error.outcomeUnknown) return { problem: toProblem(error) }
    const made = await findCreated(ctx, look, before)
    return made === null ? { problem: unknownOutcome } : { made }
  }
}

async function toResult(
  ctx: Ctx,
  app: AppConfig,
  input: CreateSolutionInput,
  outcome: Outcome,
): Promise<CreateSolutionResult> {
  if ('problem' in outcome) return outcome.problem
  const { solution, node } = await readBack(ctx, app, outcome.made)
  if (!outcome.repeated) await recordCreated(ctx, app, input, solution.id, node && statusOf(node))
  return { type: 'Done', solution }
}

function recordCreated(
  ctx: Ctx,
  app: AppConfig,
  { partnerAppId }: CreateSolutionInput,
  solutionId: string,
  status: SolutionStatus | null,
): Promise<void> {
  const kind = 'SOLUTION_CREATED'
  const takingPart = [app.appId, partnerAppId]
  return recordAction(ctx, { kind, verb: 'create', actingAppId: app.appId, solutionId, takingPart, status })
}

function fingerprint({ name, partnerAppId, messaging }: CreateSolutionInput): string {
  return createHash('sha256')
    .update(JSON.stringify([name, partnerAppId, messaging]))
    .digest('hex')
}
