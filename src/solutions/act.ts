import { appOf, type Ctx } from '../context.ts'
import type { AppConfig } from '../config.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors.ts'
import {
  acceptDeactivation,
  acceptSolution,
  rejectDeactivation,
  rejectSolution,
  requestDeactivation,
} from '../graph/endpoints/solutions.ts'
import { GraphError } from '../graph/error.ts'
import type { SolutionNode } from '../graph/endpoints/shapes.ts'
import { findNode } from '../loaders/find.ts'
import type { Seen } from '../loaders/seen.ts'
import { graphErrorsAsProblems, toProblem } from '../problems.ts'
import { lifecycleFields } from './fields.ts'
import { refusal, type Refusal, type Role, type SolutionAction } from './lifecycle.ts'
import { readBack } from './read-back.ts'
import { recordAction } from './record.ts'
import { roleOf } from './roles.ts'
import { statusOf, type SolutionStatus } from './status.ts'

export interface ActionInput {
  readonly solutionId: string
  readonly appId: string | null
}

export type ActionResult =
  | { readonly type: 'Done'; readonly solution: Seen<'Solution'> }
  | { readonly type: 'WrongState'; readonly message: string; readonly solution: Seen<'Solution'> }
  | Problem

const endpoints = {
  ACCEPT: acceptSolution,
  REJECT: rejectSolution,
  REQUEST_DEACTIVATION: requestDeactivation,
  ACCEPT_DEACTIVATION: acceptDeactivation,
  REJECT_DEACTIVATION: rejectDeactivation,
} satisfies Record<SolutionAction, unknown>

const targets: Record<SolutionAction, SolutionStatus> = {
  ACCEPT: 'ACTIVE',
  REJECT: 'REJECTED',
  REQUEST_DEACTIVATION: 'PENDING_DEACTIVATION',
  ACCEPT_DEACTIVATION: 'DEACTIVATED',
  REJECT_DEACTIVATION: 'ACTIVE',
}

interface Move {
  readonly action: SolutionAction
  readonly app: AppConfig
  readonly role: Role
  readonly solution: Seen<'Solution'>
  readonly node: Partial<SolutionNode>
}

/** One step in a solution's life: look, check, write once, look again. */
export function actOnSolution(ctx: Ctx, action: SolutionAction, input: ActionInput): Promise<ActionResult> {
  return graphErrorsAsProblems(async () => {
    const move = await prepare(ctx, action, input)
    if ('type' in move) return move
    const refused = refusal(action, statusOf(move.node), move.role)
    return refused ? refuse(refused, move.solution) : take(ctx, move)
  })
}

async function prepare(
  ctx: Ctx,
  action: SolutionAction,
  { solutionId, appId }: ActionInput,
): Promise<Move | Problem> {
  const apps = appId === null ? ctx.actor.apps : [appOf(ctx, appId)].filter((app) => app !== null)
  if (apps.length === 0)
    return invalidInput(['input', 'appId'], 'The gateway holds no such app for this caller.')
  const solution = await findNode(ctx.reads, 'Solution', solutionId, lifecycleFields, apps)
  if (!solution)
    return gatewayProblem('NOT_FOUND', 'There is no such solution, or the app takes no part in it.')
  const node = await solution.get(ctx.reads, lifecycleFields)
  const [app, ...others] = apps.filter((one) => roleOf(one.appId, node))
  if (!app) return gatewayProblem('NOT_PERMITTED', 'The app takes no part in this solution.')
  if (others.length > 0) return ambiguous([app, ...others])
  return { action, app, role: roleOf(app.appId, node) as Role, solution, node }
}

function ambiguous(apps: readonly AppConfig[]): Problem {
  const ids = apps.map((app) => app.appId).join(' and ')
  return invalidInput(['input', 'appId'], `Apps ${ids} both take part in this solution: say which one acts.`)
}

function refuse({ why, reason }: Refusal, solution: Seen<'Solution'>): ActionResult {
  return why === 'STATE'
    ? { type: 'WrongState', message: reason, solution }
    : gatewayProblem('NOT_PERMITTED', reason)
}

async function take(ctx: Ctx, move: Move): Promise<ActionResult> {
  try {
    await ctx.graph.call(endpoints[move.action](move.solution.id), { app: move.app })
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return afterFailure(ctx, move, error)
  }
  return finish(ctx, move)
}

/** Graph refused, or no definite answer came: what the solution is now tells which. */
async function afterFailure(ctx: Ctx, move: Move, error: GraphError): Promise<ActionResult> {
  if (!error.outcomeUnknown && error.kind !== 'invalid') return toProblem(error)
  const { solution, node } = await readBack(ctx, move.app, move.solution.id)
  if (!node) return toProblem(error)
  if (error.outcomeUnknown) return hasHappened(move, node) ? finish(ctx, move) : toProblem(error)
  const refused = refusal(move.action, statusOf(node), move.role)
  return refused ? refuse(refused, solution) : toProblem(error)
}

async function finish(ctx: Ctx, move: Move): Promise<ActionResult> {
  const { solution, node } = await readBack(ctx, move.app, move.solution.id)
  // Graph said nothing against it, and yet nothing has changed.
  if (node && !hasHappened(move, node)) return unknownOutcome
  await recordAction(ctx, {
    kind: 'SOLUTION_UPDATED',
    verb: move.action.toLowerCase(),
    actingAppId: move.app.appId,
    solutionId: solution.id,
    takingPart: ctx.apps.map(({ appId }) => appId).filter((appId) => roleOf(appId, move.node)),
    status: node && statusOf(node),
  })
  return { type: 'Done', solution }
}

/** A solution with several partners becomes active when the last has accepted; this one's own row tells before. */
function hasHappened({ action, app }: Move, node: Partial<SolutionNode>): boolean {
  const row = node.partners?.data.find((partner) => partner.partner_app?.id === app.appId)
  return statusOf(node) === targets[action] || (action === 'ACCEPT' && row?.status === 'ACCEPTED')
}

const unknownOutcome = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and the solution is as it was before. Read it again before trying again.',
)
