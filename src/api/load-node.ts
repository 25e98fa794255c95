import { appIdsOf, appOf, type Ctx } from '../context.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'
import { listWhole } from '../graph/paging.ts'
import { findAllocation } from '../credit/allocation.ts'
import { fromGlobalId, type NodeType } from '../graphql/ids.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { businessAs } from '../accounts/account.ts'
import { ownApp } from '../accounts/app.graphql.ts'
import type { NodeShape } from '../graphql/node.ts'
import { PartnerRow } from '../graphql/refs.ts'
import { refuse } from '../graphql/refuse.ts'
import { plan, type SelectedField } from '../graphql/selection.ts'

type Selected = readonly SelectedField[]
type Loader = (ctx: Ctx, key: string, selected: Selected) => Promise<NodeShape | null> | NodeShape | null

const loaders: Record<NodeType, Loader> = {
  App: (ctx, id) => {
    const app = appOf(ctx, id)
    return app && ownApp(app)
  },
  Solution: (ctx, id, selected) => findNode(ctx.reads, 'Solution', id, plan(selected), ctx.actor.apps),
  Partner: loadPartner,
  ClientWaba: (ctx, id, selected) => findNode(ctx.reads, 'ClientWaba', id, plan(selected), ctx.actor.apps),
  Business: loadBusiness,
  PhoneNumber: (ctx, id, selected) => findNode(ctx.reads, 'PhoneNumber', id, plan(selected), ctx.actor.apps),
  CreditLine: (ctx, id, selected) => findNode(ctx.reads, 'CreditLine', id, plan(selected), ctx.actor.apps),
  CreditAllocation: findAllocation,
  SolutionEvent: loadEvent,
  ClientWabaEvent: loadEvent,
  AccountAlertEvent: loadEvent,
  SignupSessionEvent: loadEvent,
  CreditEvent: loadEvent,
  OtherEvent: loadEvent,
}

/** The node behind a global id, or null when the caller can see none. */
export async function loadNode(
  ctx: Ctx,
  globalId: string,
  selected: (type: NodeType) => Selected,
): Promise<NodeShape | null> {
  const id = fromGlobalId(globalId)
  if (!id) throw refuse('INVALID_INPUT', 'This is not a global id.')
  return loaders[id.type](ctx, id.key, selected(id.type))
}

async function loadPartner(ctx: Ctx, key: string, selected: Selected): Promise<PartnerRow | null> {
  const [solutionId = '', partnerId] = key.split(':')
  const solution = await findNode(ctx.reads, 'Solution', solutionId, ['id'], ctx.actor.apps)
  if (!solution) return null
  const wanted = plan(selected)
  const rows = await listWhole(async (after, isOutdated) => {
    const call = (fields: string) =>
      readEdge('Solution', solutionId, 'partners', { limit: 100, fields, after })
    return (await ctx.reads.page('Partner', wanted, call, solution.viewer, isOutdated)).page
  }, 'The solution has more partners')
  const row = rows.find((partner) => partner.id === partnerId)
  return row ? new PartnerRow(solution, row) : null
}

async function loadBusiness(ctx: Ctx, id: string): Promise<NodeHandle<'Business'> | null> {
  const own = ctx.actor.apps.find((app) => app.businessId === id)
  if (own) return new NodeHandle('Business', id, { app: own })
  const told = await ctx.log.onboarding({ ownerBusinessId: id }, appIdsOf(ctx))
  const app = told && appOf(ctx, told.appId)
  return app ? businessAs(ctx, app, id) : null
}

async function loadEvent(ctx: Ctx, seq: string) {
  const event = await ctx.log.get(Number(seq))
  return event && appOf(ctx, event.appId) ? event : null
}
