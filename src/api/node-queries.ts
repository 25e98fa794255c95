import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../graphql/builder.ts'
import { Node, type NodeShape } from '../graphql/node.ts'
import { refuse } from '../graphql/refuse.ts'
import { selectedOf, type SelectedField, plan } from '../graphql/selection.ts'
import type { AppConfig } from '../config/config.ts'
import { appIdsOf, appOf, appsNamed, type Ctx } from '../context.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'
import { unlessRefused } from '../graph/error.ts'
import { listWhole } from '../graph/paging.ts'
import { findAllocation } from '../credit/allocation.ts'
import { fromGlobalId, type GlobalType } from '../graphql/ids.ts'
import { findNode, type NodeHandle } from '../reads/node-handle.ts'
import { businessAs } from '../accounts/account.ts'
import { ownApp } from '../accounts/app.graphql.ts'
import { findDeadLetter } from '../webhooks/dead-letters/row.ts'
import { PartnerRow } from '../graphql/refs.ts'

const maxNodes = 100

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    nullable: true,
    description: 'Anything by its global id; null when the caller can see no such thing.',
    args: { id: t.arg.id({ required: true, description: 'Global id.' }) },
    resolve: (_, { id }, ctx, info) => loadNode(ctx, id, selectionIn(info)),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: false, items: true },
    description:
      'Several things by their global ids, in that order; null in the place of each that cannot be had.',
    args: { ids: t.arg.idList({ required: true, description: 'Global ids, 100 at most.' }) },
    resolve: (_, { ids }, ctx, info) => {
      if (ids.length > maxNodes) throw refuse('INVALID_INPUT', `ids: ${maxNodes} at most.`)
      const selected = selectionIn(info)
      // An error in one place stays in that place.
      return Promise.all(
        ids.map((id) => loadNode(ctx, id, selected).catch((error: unknown) => error as never)),
      )
    },
  }),
}))

/** What is selected of each type, looked for once for however many ids. */
function selectionIn(info: GraphQLResolveInfo): (type: string) => readonly SelectedField[] {
  const known = new Map<string, readonly SelectedField[]>()
  return (type) => {
    const selected = known.get(type) ?? selectedOf(info, type)
    known.set(type, selected)
    return selected
  }
}

type Selected = readonly SelectedField[]
type Apps = readonly AppConfig[]
type Found = Promise<NodeShape | null>
/** `apps`: those that may see it. `viewed`: whether the id names the one that does. */
type Loader = (ctx: Ctx, key: string, apps: Apps, selected: Selected, viewed: boolean) => Found

const loaders: Record<GlobalType, Loader> = {
  App: loadApp,
  Solution: (ctx, id, apps, selected) => findNode(ctx.reads, 'Solution', id, plan(selected), apps),
  Partner: loadPartner,
  ClientWaba: (ctx, id, apps, selected) => findNode(ctx.reads, 'ClientWaba', id, plan(selected), apps),
  Business: loadBusiness,
  PhoneNumber: (ctx, id, apps, selected) => findNode(ctx.reads, 'PhoneNumber', id, plan(selected), apps),
  CreditLine: (ctx, id, apps, selected) => findNode(ctx.reads, 'CreditLine', id, plan(selected), apps),
  CreditAllocation: findAllocation,
  DeadLetter: (ctx, id, apps) => findDeadLetter(ctx, id, apps),
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
  selected: (type: GlobalType) => Selected,
): Promise<NodeShape | null> {
  const id = fromGlobalId(globalId)
  if (!id) throw refuse('INVALID_INPUT', 'This is not a global id.')
  const apps = appsNamed(ctx, id.appId)
  return apps.length === 0 ? null : loaders[id.type](ctx, id.key, apps, selected(id.type), id.appId !== null)
}

/** Of a partner's app only the id with the app that sees it says who reads it. */
async function loadApp(ctx: Ctx, id: string, apps: Apps, selected: Selected, viewed: boolean): Found {
  if (viewed) return findNode(ctx.reads, 'App', id, plan(selected), apps)
  const app = appOf(ctx, id)
  return app && ownApp(app)
}

async function loadPartner(ctx: Ctx, key: string, apps: Apps, selected: Selected): Found {
  const [solutionId = '', partnerId] = key.split(':')
  const solution = await findNode(ctx.reads, 'Solution', solutionId, ['id'], apps)
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

async function loadBusiness(ctx: Ctx, id: string, apps: Apps, _: Selected, viewed: boolean): Found {
  const own = apps.find((app) => app.businessId === id)
  if (own) return businessAs(ctx, own, id)
  const told = await ctx.log.onboarding({ ownerBusinessId: id }, appIdsOf(ctx))
  const [app] = viewed ? apps : appsNamed(ctx, told?.appId ?? '')
  if (!app) return null
  const business = await businessAs(ctx, app, id)
  return (told ?? (await isReadable(ctx, business))) ? business : null
}

/** Of a customer that only Graph or a sharing names, its own token tells whether it is there. */
async function isReadable(ctx: Ctx, business: NodeHandle<'Business'>): Promise<boolean> {
  return (await unlessRefused(business.get(ctx.reads, ['name']))) !== null
}

async function loadEvent(ctx: Ctx, seq: string): Found {
  const event = await ctx.log.get(Number(seq))
  return event && appOf(ctx, event.appId) ? event : null
}
