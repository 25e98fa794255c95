import type { GraphQLResolveInfo } from 'graphql'
import type { Ctx } from '../context.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import { GraphError } from '../graph/error.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { isRefusal } from '../reads/unsupported-fields.ts'
import { builder } from '../graphql/builder.ts'
import { forwardArgs } from '../graphql/connection.ts'
import { asSent, needs, needsNode, needsPage, edgeOf } from '../graphql/graph-field.ts'
import { Node } from '../graphql/node.ts'
import { PartyEnum } from '../graphql/problem.ts'
import { App, PartnerConnection, PartnerRow, Solution } from '../graphql/refs.ts'
import { readOptionalId, readView } from '../graphql/refuse.ts'
import { plan, selectedBelow, type SelectedField } from '../graphql/selection.ts'
import { actionFields, statusFields } from './fields.ts'
import {
  refusal,
  solutionActions,
  roleOf,
  type solutionStatuses,
  type SolutionStatus,
  acceptsOnboarding,
  statusOf,
} from './lifecycle.ts'
import { turnFields, turnOf, type Turn } from './turn.ts'

export const SolutionStatusEnum = builder.enumType('SolutionStatus', {
  description: "One status from Graph's two axes.",
  values: {
    DRAFT: { description: 'Saved, no request sent. "Draft" in Meta\'s dashboard.' },
    INITIATED: { description: 'The partner is invited and has not answered. "Pending" in the dashboard.' },
    ACTIVE: { description: 'Accepted: customers can be onboarded.' },
    PENDING_DEACTIVATION: {
      description:
        'Active, and a deactivation request waits for its answer. Customers can still be onboarded.',
    },
    REJECTED: { description: 'The partner declined. "Inactive" in the dashboard.' },
    DEACTIVATED: { description: 'Ended for good.' },
    UNKNOWN: {
      description:
        'Graph says something that its documents do not (see the raw values), or could not be asked after an action or event.',
    },
  } satisfies Record<(typeof solutionStatuses)[number], object>,
})

const SolutionActionEnum = builder.enumType('SolutionAction', {
  description: 'A step in the life of a solution.',
  values: {
    ACCEPT: { description: 'The invited partner accepts; it cannot be taken back.' },
    REJECT: { description: 'The invited partner declines.' },
    REQUEST_DEACTIVATION: { description: 'The owner asks to end an active solution.' },
    ACCEPT_DEACTIVATION: { description: 'The other side agrees: the solution ends.' },
    REJECT_DEACTIVATION: { description: 'The other side declines: the solution stays active.' },
  } satisfies Record<(typeof solutionActions)[number], object>,
})

interface ActionState {
  readonly action: (typeof solutionActions)[number]
  readonly appId: string
  readonly reason: string | null
}

const SolutionActionState = builder.objectRef<ActionState>('SolutionActionState').implement({
  description: 'Whether an app may take an action now.',
  fields: (t) => ({
    action: t.expose('action', { type: SolutionActionEnum, description: 'The action.' }),
    appId: t.exposeString('appId', { description: 'The app that would act.' }),
    available: t.boolean({
      description:
        "True when nothing known speaks against it. Where Meta's documents disagree on who may answer a deactivation " +
        'request, both sides are offered it and Graph decides.',
      resolve: (state) => state.reason === null,
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why not, for a person to read; null when available.',
    }),
  }),
})

Solution.implement({
  description:
    'A Multi-Partner Solution: an owner app and invited partner apps that onboard customers together.',
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('Solution', value),
  fields: (t) => ({
    solutionId: t.exposeString('id', { description: "Meta's id of the solution." }),
    name: t.string({
      nullable: true,
      description: 'Name, 2 to 75 characters. Null when Graph gives none.',
      ...asSent('Solution', 'name'),
    }),
    status: t.field({
      type: SolutionStatusEnum,
      description:
        "One status from Graph's two axes: see `graphStatus` and `graphPendingRequest` for the raw pair.",
      ...needs(statusFields),
      resolve: (solution, _, ctx) => readStatus(solution, ctx, (status) => status),
    }),
    graphStatus: t.string({
      nullable: true,
      description: "Graph's `status`, as sent. Null when Graph gives none.",
      ...asSent('Solution', 'status'),
    }),
    graphPendingRequest: t.string({
      nullable: true,
      description: "Graph's `status_for_pending_request`, as sent. Null when Graph gives none.",
      ...asSent('Solution', 'status_for_pending_request'),
    }),
    ownerApp: t.field({
      type: App,
      nullable: true,
      description: 'The app that created the solution; null when Graph does not say.',
      ...needsNode('owner_app'),
      resolve: (solution, _, ctx, info) => ownerAppOf(solution, ctx, info),
    }),
    ownerPermissions: t.stringList({
      nullable: true,
      description:
        "What the owner may do on customers' accounts, as Graph names it (an open list, e.g. MESSAGING). Null when Graph gives none.",
      ...asSent('Solution', 'owner_permissions'),
    }),
    partners: t.field({
      type: PartnerConnection,
      nullable: true,
      description:
        'The invited apps; the owner is not among them. Null only beside an error that says why it could not be read.',
      args: forwardArgs,
      ...needsPage('partners'),
      resolve: (solution, args, ctx, info) =>
        edgeOf(ctx, args, info, {
          node: solution,
          name: 'partners',
          show: (row) => new PartnerRow(solution, row),
        }),
    }),
    actions: t.field({
      type: [SolutionActionState],
      nullable: true,
      description:
        'Every lifecycle action for each app the caller may use that takes part here: whether it may be taken now, and if not why. Null only beside an error that says why it could not be read.',
      args: { appId: t.arg.id({ description: 'Only for this app: global id or Meta app id.' }) },
      ...needs(actionFields),
      resolve: (solution, { appId }, ctx) => actionsOf(solution, readOptionalId('App', 'appId', appId), ctx),
    }),
    waitsFor: t.field({
      type: PartyEnum,
      nullable: true,
      description:
        'Whose turn it is, as the caller with its apps sees it: US when one of them has to act, PARTNER when the other side has. ' +
        'An invitation waits for those who are invited, a deactivation request for the side that did not ask, a draft for ' +
        'its owner. Null when nobody has to do anything: active, declined or ended, or a status that nobody knows.',
      ...needs(turnFields),
      resolve: (solution, _, ctx) => readTurn(solution, ctx, (turn) => turn?.party ?? null),
    }),
    waitsForReason: t.string({
      nullable: true,
      description: 'For what, for a person to read; null when `waitsFor` is.',
      ...needs(turnFields),
      resolve: (solution, _, ctx) => readTurn(solution, ctx, (turn) => turn?.reason ?? null),
    }),
    acceptsOnboarding: t.boolean({
      description: 'True while customers can be onboarded: active, also while deactivation is pending.',
      ...needs(statusFields),
      resolve: (solution, _, ctx) => readStatus(solution, ctx, acceptsOnboarding),
    }),
  }),
})

/** Neither may be null, so of a solution whose status Graph does not tell it is UNKNOWN. */
function readStatus<R>(
  solution: NodeHandle<'Solution'>,
  { reads }: Ctx,
  show: (status: SolutionStatus) => R,
) {
  const read = solution.read(reads, statusFields, (node) => show(statusOf(node)))
  return read instanceof Promise ? read.catch((error: unknown) => show(unlessAsked(error))) : read
}

function unlessAsked(error: unknown): SolutionStatus {
  if (error instanceof GraphError && isRefusal(error)) return 'UNKNOWN'
  throw error
}

function readTurn<R>(
  solution: NodeHandle<'Solution'>,
  { actor, reads }: Ctx,
  show: (turn: Turn | null) => R,
) {
  const ours = new Set(actor.apps.map(({ appId }) => appId))
  return solution.read(reads, turnFields, (node) => show(turnOf(node, ours)))
}

function ownerAppOf(solution: NodeHandle<'Solution'>, ctx: Ctx, info: GraphQLResolveInfo) {
  const selected = selectedBelow(info)
  const show = (node: Partial<SolutionNode>) => appIn(solution, node.owner_app, ctx, selected)
  return solution.read(ctx.reads, [{ name: 'owner_app', fields: plan(selected) }], show)
}

/** An app as a solution shows it, with the fields that were selected of it. */
export function appIn(
  { viewer }: NodeHandle<'Solution'>,
  app: SolutionNode['owner_app'],
  { reads }: Ctx,
  selected: readonly SelectedField[],
): NodeHandle<'App'> | null {
  if (!app) return null
  return new NodeHandle('App', app.id, viewer, reads.granted('App', plan(selected), viewer), app)
}

async function actionsOf(
  solution: NodeHandle<'Solution'>,
  appId: string | null,
  ctx: Ctx,
): Promise<ActionState[]> {
  const node = await solution.get(ctx.reads, actionFields)
  const apps = ctx.actor.apps.filter((app) => appId === null || app.appId === appId)
  return apps.flatMap((app) => {
    const role = roleOf(app.appId, node)
    if (!role) return []
    return solutionActions.map((action) => ({
      action,
      appId: app.appId,
      reason: refusal(action, statusOf(node), role)?.reason ?? null,
    }))
  })
}

builder.queryField('solution', (t) =>
  t.field({
    type: Solution,
    nullable: true,
    description: 'A solution that one of the apps takes part in; null when there is none.',
    args: {
      id: t.arg.id({
        required: true,
        description:
          'Global id, as the app that it names sees it, or Meta solution id, as the first app that can.',
      }),
    },
    resolve: (_, args, ctx, info) => {
      const { id, apps } = readView(ctx, 'Solution', 'id', args.id)
      return findNode(ctx.reads, 'Solution', id, plan(selectedBelow(info)), apps)
    },
  }),
)
