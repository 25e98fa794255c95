import { appsNamed, type Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import { gatewayProblem, noSuchApp, severalApps, type Problem } from '../errors/problem.ts'
import {
  acceptDeactivation,
  acceptSolution,
  rejectDeactivation,
  rejectSolution,
  requestDeactivation,
} from '../graph/endpoints/solutions.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { findNode } from '../reads/find.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { runWrite } from '../writes/run.ts'
import type { Done, Write } from '../writes/write.ts'
import { lifecycleFields } from './fields.ts'
import { refusal, type Refusal, type Role, type SolutionAction } from './lifecycle.ts'
import { readBack } from './read-back.ts'
import { roleOf } from './roles.ts'
import { statusOf, type SolutionStatus } from './status.ts'

export interface ActionInput {
  readonly solutionId: string
  readonly appId: string | null
}

export type ActionResult =
  | { readonly type: 'Done'; readonly solution: NodeHandle<'Solution'> }
  | { readonly type: 'WrongState'; readonly message: string; readonly solution: NodeHandle<'Solution'> }
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
  readonly solution: NodeHandle<'Solution'>
  readonly node: Partial<SolutionNode>
}

/** One step in a solution's life: look, check, write once, look again. */
export function actOnSolution(ctx: Ctx, action: SolutionAction, input: ActionInput): Promise<ActionResult> {
  return graphErrorsAsProblems(async () => {
    const move = await findMove(ctx, action, input)
    if ('type' in move) return move
    const write = writeOf(ctx, move)
    const outcome = await runWrite(ctx, write)
    if ('refused' in outcome) return outcome.refused
    if ('createdId' in outcome) return finish(ctx, move, outcome)
    const isAbout = outcome.error?.kind === 'invalid' || outcome.error?.kind === 'declined'
    return isAbout ? afterRefusal(ctx, move, outcome.problem) : outcome.problem
  })
}

type ActionWrite = Write<Before, ActionResult>

function writeOf(ctx: Ctx, move: Move): ActionWrite {
  const { action, app, solution } = move
  return {
    app,
    verb: action.toLowerCase(),
    object: `solution:${solution.id}`,
    key: null,
    input: null,
    about: { solutionId: solution.id },
    prepare: (waited) => check(ctx, move, waited),
    send: async () => {
      const { traceId } = await ctx.graph.write(endpoints[action](solution.id), { app })
      return { createdId: solution.id, traceId }
    },
    lookUpOutcome: async () => {
      const now = await readBack(ctx, app, solution.id)
      if (!now.node) return 'unknown'
      return hasHappened(move, now.node) ? { createdId: solution.id } : 'not-made'
    },
    publishes: () => ({
      kind: 'SOLUTION_UPDATED',
      takingPart: ctx.apps.map(({ appId }) => appId).filter((appId) => roleOf(appId, move.node)),
    }),
  }
}

interface Before {
  readonly status: SolutionStatus
}

async function check(ctx: Ctx, move: Move, waited: boolean): ReturnType<ActionWrite['prepare']> {
  const now = waited ? await readBack(ctx, move.app, move.solution.id) : move
  const status = statusOf(now.node ?? move.node)
  const refused = refusal(move.action, status, move.role)
  return refused ? { refused: refuse(refused, now.solution) } : { before: { status } }
}

async function findMove(
  ctx: Ctx,
  action: SolutionAction,
  { solutionId, appId }: ActionInput,
): Promise<Move | Problem> {
  const apps = appsNamed(ctx, appId)
  if (apps.length === 0) return noSuchApp
  const solution = await findNode(ctx.reads, 'Solution', solutionId, lifecycleFields, apps)
  if (!solution)
    return gatewayProblem('NOT_FOUND', 'There is no such solution, or the app takes no part in it.')
  const node = await solution.get(ctx.reads, lifecycleFields)
  const [app, ...others] = apps.filter((one) => roleOf(one.appId, node))
  if (!app) return gatewayProblem('NOT_PERMITTED', 'The app takes no part in this solution.')
  if (others.length > 0) return severalApps([app, ...others], 'both take part in this solution')
  return { action, app, role: roleOf(app.appId, node) as Role, solution, node }
}

function refuse({ why, reason }: Refusal, solution: NodeHandle<'Solution'>): ActionResult {
  return why === 'STATE'
    ? { type: 'WrongState', message: reason, solution }
    : gatewayProblem('NOT_PERMITTED', reason, false, { waitsFor: 'PARTNER', help: 'solutions' })
}

/** Graph has refused: what the solution is now may tell why. */
async function afterRefusal(ctx: Ctx, move: Move, problem: Problem): Promise<ActionResult> {
  const { solution, node } = await readBack(ctx, move.app, move.solution.id)
  const refused = node && refusal(move.action, statusOf(node), move.role)
  return refused ? refuse(refused, solution) : problem
}

async function finish(ctx: Ctx, move: Move, done: Done): Promise<ActionResult> {
  const { solution, node } = await readBack(ctx, move.app, move.solution.id)
  const status = node && statusOf(node)
  const after = status && { status }
  // Graph said nothing against it, and yet nothing has changed.
  if (node && !hasHappened(move, node)) {
    return done.markUnknown(unchanged, after)
  }
  await done.publish({ after, reportedStatus: status })
  return { type: 'Done', solution }
}

/** A solution with several partners becomes active when the last has accepted; this one's own row tells before. */
function hasHappened({ action, app }: Move, node: Partial<SolutionNode>): boolean {
  const row = node.partners?.data.find((partner) => partner.partner_app?.id === app.appId)
  return statusOf(node) === targets[action] || (action === 'ACCEPT' && row?.status === 'ACCEPTED')
}

const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and the solution is as it was before. Read it again before trying again.',
)
