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
import { type SolutionNode, shownFields } from '../graph/nodes.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import { lifecycleFields } from './fields.ts'
import {
  refusal,
  type Refusal,
  type Role,
  type SolutionAction,
  roleOf,
  statusOf,
  type SolutionStatus,
} from './lifecycle.ts'

export interface ActionInput {
  readonly solutionId: string
  readonly appId: string | null
  readonly idempotencyKey: string | null
}

interface WrongState {
  readonly type: 'WrongStateProblem'
  readonly message: string
  readonly solution: NodeHandle<'Solution'>
}

export type ActionResult =
  | { readonly type: 'Done'; readonly solution: NodeHandle<'Solution'> }
  | WrongState
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
    const outcome = await take(ctx, move, input.idempotencyKey)
    if ('createdId' in outcome) return { type: 'Done', solution: outcome.after?.solution ?? move.solution }
    const isAbout = outcome.type === 'GraphApiProblem' && outcome.code === 'UPSTREAM_REFUSED'
    return isAbout ? afterRefusal(ctx, move, outcome) : outcome
  })
}

function take(
  ctx: Ctx,
  move: Move,
  key: string | null,
): Promise<DoneWrite<SolutionReadBack> | WrongState | Problem> {
  const { action, app, role, solution } = move
  return runWrite<
    SolutionReadBack,
    SolutionReadBack,
    WrongState | Problem,
    { readonly status: SolutionStatus }
  >(ctx, {
    app,
    verb: action.toLowerCase(),
    object: `solution:${solution.id}`,
    key,
    input: [solution.id],
    about: { solutionId: solution.id },
    readState: async (anew) => (anew ? readBack(ctx, app, solution.id) : move),
    refuse: (state) => {
      const refused = refusal(action, statusIn(state, move), role)
      return refused && refuse(refused, state.solution)
    },
    record: (state) => ({ status: statusIn(state, move) }),
    send: async (_, sending) => {
      const { traceId } = await ctx.graph.write(endpoints[action](solution.id), { app }, sending)
      return { createdId: solution.id, traceId }
    },
    outcomeIn: ({ node }, sent) => {
      // One that was taken before is refused with what the solution is now.
      if (sent === null) return 'not-made'
      return node ? madeIf(hasHappened(move, node), solution.id) : 'unknown'
    },
    publishes: (_solutionId, after) => ({
      kind: 'SOLUTION_UPDATED',
      takingPart: ctx.apps.map(({ appId }) => appId).filter((appId) => roleOf(appId, move.node)),
      ...(after?.node && { after: { status: statusOf(after.node) }, reportedStatus: statusOf(after.node) }),
    }),
  })
}

/** Where it cannot be read again, what was read first counts. */
const statusIn = ({ node }: SolutionReadBack, move: Move): SolutionStatus => statusOf(node ?? move.node)

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

function refuse({ why, reason }: Refusal, solution: NodeHandle<'Solution'>): WrongState | Problem {
  return why === 'STATE'
    ? { type: 'WrongStateProblem', message: reason, solution }
    : gatewayProblem('NOT_PERMITTED', reason, false, { waitsFor: 'PARTNER', help: 'solutions' })
}

/** Graph has refused: what the solution is now may tell why. */
async function afterRefusal(ctx: Ctx, move: Move, problem: Problem): Promise<ActionResult> {
  const { solution, node } = await readBack(ctx, move.app, move.solution.id)
  const refused = node && refusal(move.action, statusOf(node), move.role)
  return refused ? refuse(refused, solution) : problem
}

/** A solution with several partners becomes active when the last has accepted; this one's own row tells before. */
function hasHappened({ action, app }: Move, node: Partial<SolutionNode>): boolean {
  const row = node.partners?.data.find((partner) => partner.partner_app?.id === app.appId)
  return statusOf(node) === targets[action] || (action === 'ACCEPT' && row?.status === 'ACCEPTED')
}

export interface SolutionReadBack {
  readonly solution: NodeHandle<'Solution'>
  /** Null when it could not be read. */
  readonly node: Partial<SolutionNode> | null
}

/**
 * A solution after a write. When it cannot be read, the write has happened all the same: then it is shown by its id,
 * with status UNKNOWN and nothing else, and is not read once more, since that error would hide what was done.
 */
export async function readBack(ctx: Ctx, app: AppConfig, id: string): Promise<SolutionReadBack> {
  ctx.reads.renew()
  try {
    const node = await ctx.reads.node('Solution', id, { app }, shownFields('Solution'))
    return { solution: new NodeHandle('Solution', id, { app }, shownFields('Solution'), node), node }
  } catch (error) {
    ctx.logger.warn({ err: error, solutionId: id }, 'a solution could not be read back')
    return { solution: new NodeHandle('Solution', id, { app }, shownFields('Solution')), node: null }
  }
}
