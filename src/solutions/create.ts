import { type Ctx, appIdsOf } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import {
  postSolution as createEndpoint,
  type MessagingSide,
  listSolutions,
} from '../graph/endpoints/solutions.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { checkKey, digestOf } from '../writes/record.ts'
import { runWrite } from '../writes/run.ts'
import type { DoneWrite, LookUp, WriteOnRecord } from '../writes/write.ts'
import { checkName, chooseApp } from './input.ts'
import { readBack, type SolutionReadBack } from './act.ts'
import { statusOf } from './lifecycle.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { printFields } from '../graph/fields.ts'
import { listAll } from '../graph/paging.ts'
import { partnersField } from './fields.ts'

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
): Promise<DoneWrite<SolutionReadBack> | Problem> {
  const { name, partnerAppId, messaging, idempotencyKey } = input
  const look = { app, name, partnerAppId }
  const request = [name, partnerAppId, messaging]
  return runWrite<SolutionsLike, SolutionReadBack>(ctx, {
    app,
    verb: 'create',
    object: `new solution:${digestOf(request)}`,
    key: idempotencyKey,
    input: request,
    about: {},
    readState: () => findSolutionsLike(ctx, look),
    send: async (_, sending) => {
      const { value, traceId } = await ctx.graph.write(createEndpoint(app.appId, input), { app }, sending)
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

/** Which solution is looked for. */
interface Look {
  readonly app: AppConfig
  readonly name: string
  readonly partnerAppId: string
}

const fields = printFields(['id', 'name', partnersField])

/** Ids alone: all of it goes on record before a solution is sent. */
export interface SolutionsLike {
  readonly ids: readonly string[]
  /** Whether these are all. Where they are not, one that was there may look as if it were new. */
  readonly complete: boolean
}

/** The app's own solutions with this name and partner. Graph allows several, so a list before and after a write tells. */
export async function findSolutionsLike(ctx: Ctx, look: Look): Promise<SolutionsLike> {
  const { app } = look
  const { rows, complete } = await listAll((after) =>
    ctx.graph.call(listSolutions(app.appId, { role: 'OWNER', limit: 100, fields, after }), { app }),
  )
  return { ids: rows.filter((solution) => matches(solution, look)).map(({ id }) => id), complete }
}

function matches(solution: SolutionNode, { name, partnerAppId }: Look): boolean {
  const isPartner = solution.partners?.data.some((row) => row.partner_app?.id === partnerAppId)
  return solution.name === name && isPartner === true
}

/** The only one that was not there before and that no other request has made; unknown when there are several. */
export async function createdIn(
  ctx: Ctx,
  { ids, complete }: SolutionsLike,
  { before, startedAt, publishedAs }: WriteOnRecord<SolutionsLike>,
): Promise<LookUp> {
  const fresh = ids.filter((id) => !before.ids.includes(id))
  const claims = await Promise.all(fresh.map((id) => claimOf(ctx, id, startedAt)))
  const own = fresh.find((_, index) => claims[index]?.startsWith(publishedAs))
  if (own !== undefined) return { createdId: own }
  const [createdId, ...others] = fresh.filter((_, index) => claims[index] === null)
  if (others.length > 0) return 'unknown'
  if (createdId !== undefined) return before.complete ? { createdId } : 'unknown'
  return complete ? 'not-made' : 'unknown'
}

/** Each create that is known to have succeeded has left an event of its own: its dedupe key, or null. */
async function claimOf(ctx: Ctx, solutionId: string, since: number): Promise<string | null> {
  const filter = {
    appIds: appIdsOf(ctx),
    solutionId,
    kinds: ['SOLUTION_CREATED'],
    sources: ['GATEWAY'],
  } as const
  const [last] = await ctx.log.readBefore(Number.MAX_SAFE_INTEGER, filter, 1)
  return last !== undefined && last.receivedAt >= since ? last.dedupeKey : null
}
