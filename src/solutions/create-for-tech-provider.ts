import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors/problem.ts'
import { postSolution as createEndpoint, type MessagingSide } from '../graph/endpoints/solutions.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { digestOf } from '../writes/record.ts'
import { runOnce } from '../writes/once.ts'
import { runWrite } from '../writes/run.ts'
import type { LookUp } from '../writes/write.ts'
import { actOnSolution, readBack } from './act.ts'
import { findInvitation } from './find-invitation.ts'
import { checkName, chooseApp } from './input.ts'
import { listPicked } from './picked-apps.ts'
import { acceptsOnboarding, statusOf } from './lifecycle.ts'

export interface TechProviderInput {
  readonly appId: string | null
  /** Of the person who picked the apps. Used at once, kept nowhere. */
  readonly userAccessToken: string
  readonly name: string
  readonly messaging: MessagingSide
  readonly idempotencyKey: string | null
}

export interface CreatedForTechProvider {
  readonly techProviderAppId: string
  readonly solution: NodeHandle<'Solution'> | null
  readonly accepted: boolean
  readonly problem: Problem | null
}

export type TechProviderResult =
  | { readonly type: 'Done'; readonly created: readonly CreatedForTechProvider[] }
  | Problem

/** What stays the same for each of the apps that were picked. */
interface Creation {
  readonly app: AppConfig
  readonly person: Viewer
  readonly name: string
  readonly messaging: MessagingSide
}

/**
 * Embedded creation: for each app that the Tech Provider picked a solution that it owns and we accept. One that an
 * earlier call created under this name, and did not come to accept, is found and accepted.
 */
export function createForTechProvider(ctx: Ctx, input: TechProviderInput): Promise<TechProviderResult> {
  return graphErrorsAsProblems(async () => {
    const app = chooseApp(ctx, input.appId)
    if ('type' in app) return app
    const invalid = checkName(input.name) ?? checkToken(input.userAccessToken)
    if (invalid) return invalid
    const { userAccessToken: userToken, messaging, idempotencyKey: key } = input
    const creation = { app, person: { app, userToken }, name: input.name.trim(), messaging }
    // The token is a secret, and another one of the same person is as good.
    const once = { app, verb: 'create_all_for_tech_provider', key, input: [creation.name, messaging] }
    const created = await runOnce(ctx, once, () => createAll(ctx, creation), keptOf)
    if ('type' in created) return created
    return 'earlier' in created ? readAgain(ctx, app, created.earlier) : { type: 'Done', created }
  })
}

async function createAll(ctx: Ctx, creation: Creation): Promise<readonly CreatedForTechProvider[] | Problem> {
  const { app, person } = creation
  const picked = (await listPicked(ctx, person)).filter(({ id }) => id !== app.appId)
  if (picked.length === 0) return noApp
  const created: CreatedForTechProvider[] = []
  // One after the other: a person may have picked many, and each is two writes.
  for (const { id } of picked) created.push(await createOne(ctx, creation, id))
  return created
}

type Kept = readonly { readonly techProviderAppId: string; readonly solutionId: string | null }[]

/** Null while something is left to do. */
function keptOf(created: readonly CreatedForTechProvider[] | Problem): Kept | null {
  if ('type' in created || !created.every(({ accepted }) => accepted)) return null
  return created.map(({ techProviderAppId, solution }) => ({
    techProviderAppId,
    solutionId: solution?.id ?? null,
  }))
}

async function readAgain(ctx: Ctx, app: AppConfig, kept: Kept): Promise<TechProviderResult> {
  const created = kept.map(async ({ techProviderAppId, solutionId }) => {
    const read = solutionId === null ? null : await readBack(ctx, app, solutionId)
    return { techProviderAppId, solution: read?.solution ?? null, accepted: true, problem: null }
  })
  return { type: 'Done', created: await Promise.all(created) }
}

function checkToken(token: string): Problem | null {
  if (/^[\x21-\x7e]{1,4000}$/.test(token)) return null
  return invalidInput(['input', 'userAccessToken'], 'This is not an access token.')
}

async function createOne(ctx: Ctx, creation: Creation, appId: string): Promise<CreatedForTechProvider> {
  const result = await graphErrorsAsProblems(() => createAndAccept(ctx, creation, appId))
  if (!('type' in result)) return result
  return { techProviderAppId: appId, solution: null, accepted: false, problem: result }
}

async function createAndAccept(
  ctx: Ctx,
  creation: Creation,
  appId: string,
): Promise<CreatedForTechProvider | Problem> {
  const made = await create(ctx, creation, appId)
  if (typeof made !== 'string') return made
  return { techProviderAppId: appId, ...(await accept(ctx, creation.app, made)) }
}

type Acceptance = Omit<CreatedForTechProvider, 'techProviderAppId'>

async function accept(ctx: Ctx, app: AppConfig, solutionId: string): Promise<Acceptance> {
  const before = await readBack(ctx, app, solutionId)
  if (before.node && acceptsOnboarding(statusOf(before.node)))
    return { solution: before.solution, accepted: true, problem: null }
  const accepted = await actOnSolution(ctx, 'ACCEPT', {
    solutionId,
    appId: app.appId,
    idempotencyKey: null,
  })
  if (accepted.type === 'Done') return { solution: accepted.solution, accepted: true, problem: null }
  // Somebody else may have accepted it meanwhile.
  const after = await readBack(ctx, app, solutionId)
  if (after.node && acceptsOnboarding(statusOf(after.node)))
    return { solution: after.solution, accepted: true, problem: null }
  const problem =
    accepted.type === 'WrongStateProblem'
      ? gatewayProblem('WRONG_STATE', accepted.message, false, { waitsFor: null, help: 'solutions' })
      : accepted
  return { solution: after.solution, accepted: false, problem }
}

const noApp = gatewayProblem('NOT_FOUND', 'The person has picked no app of their own.', false, {
  waitsFor: 'PARTNER',
  help: 'solutions',
})

/** The id of the solution: the new one, or one of an earlier call. */
async function create(ctx: Ctx, creation: Creation, appId: string): Promise<string | Problem> {
  const { app, person, name, messaging } = creation
  const look = { app, name, ownerAppId: appId, messaging }
  const outcome = await runWrite<LookUp, null, Problem, null>(ctx, {
    app,
    verb: 'create_for_tech_provider',
    object: `app:${appId} new solution:${digestOf([name, messaging])}`,
    key: null,
    input: [name, messaging],
    about: {},
    readState: () => findInvitation(ctx, look),
    record: () => null,
    send: async (_, sending) => {
      const endpoint = createEndpoint(appId, { name, partnerAppId: app.appId, messaging }, 'user')
      const { value, traceId } = await ctx.graph.write(endpoint, person, sending)
      return { createdId: value.solution_id, traceId }
    },
    outcomeIn: (invitation) => invitation,
    // It is read when it is accepted.
    readBack: async () => null,
    publishes: (solutionId) => ({
      kind: 'SOLUTION_CREATED',
      takingPart: [app.appId, appId],
      about: { solutionId },
    }),
  })
  return 'type' in outcome ? outcome : outcome.createdId
}
