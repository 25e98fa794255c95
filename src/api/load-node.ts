import { appIdsOf, appOf, type Ctx } from '../context.ts'
import { listPartners } from '../graph/endpoints/solutions.ts'
import { printFields } from '../graph/fields.ts'
import { fromGlobalId, type NodeType } from '../ids.ts'
import { findNode } from '../loaders/find.ts'
import { Seen } from '../loaders/seen.ts'
import { partnerFields } from '../solutions/fields.ts'
import { asCustomer } from '../wabas/owner.ts'
import { ownApp } from './app.ts'
import { wabaNeeds } from './client-waba.ts'
import type { NodeShape } from './node.ts'
import { PartnerRow } from './refs.ts'
import { refuse } from './refuse.ts'
import { plan, type SelectedField } from './selection.ts'
import { solutionNeeds } from './solution.ts'

type Selected = readonly SelectedField[]
type Loader = (ctx: Ctx, key: string, selected: Selected) => Promise<NodeShape | null> | NodeShape | null

const loaders: Record<NodeType, Loader> = {
  App: (ctx, id) => {
    const app = appOf(ctx, id)
    return app && ownApp(app)
  },
  Solution: (ctx, id, selected) =>
    findNode(ctx.reads, 'Solution', id, plan(solutionNeeds, selected), ctx.actor.apps),
  Partner: loadPartner,
  ClientWaba: (ctx, id, selected) =>
    findNode(ctx.reads, 'ClientWaba', id, plan(wabaNeeds, selected), ctx.actor.apps),
  Business: loadBusiness,
  PhoneNumber: (ctx, id) =>
    findNode(ctx.reads, 'PhoneNumber', id, ['id', 'display_phone_number'], ctx.actor.apps),
  SolutionEvent: loadEvent,
  ClientWabaEvent: loadEvent,
  OtherEvent: loadEvent,
}

/** The node behind a global id, or null when the caller can see none. */
export async function loadNode(ctx: Ctx, globalId: string, selected: Selected): Promise<NodeShape | null> {
  const id = fromGlobalId(globalId)
  if (!id) throw refuse('INVALID_INPUT', 'This is not a global id.')
  return loaders[id.type](ctx, id.key, selected)
}

async function loadPartner(ctx: Ctx, key: string): Promise<PartnerRow | null> {
  const [solutionId = '', partnerId] = key.split(':')
  const solution = await findNode(ctx.reads, 'Solution', solutionId, ['id'], ctx.actor.apps)
  if (!solution) return null
  const call = listPartners(solutionId, { limit: 100, fields: printFields(partnerFields) })
  const { data } = await ctx.graph.call(call, solution.viewer, ctx.signal)
  const row = data.find((partner) => partner.id === partnerId)
  return row ? new PartnerRow(solution, row) : null
}

async function loadBusiness(ctx: Ctx, id: string): Promise<Seen<'Business'> | null> {
  const own = ctx.actor.apps.find((app) => app.businessId === id)
  if (own) return new Seen('Business', id, { app: own })
  const onboarding = await ctx.log.onboarding({ ownerBusinessId: id }, appIdsOf(ctx))
  const app = onboarding && appOf(ctx, onboarding.appId)
  return app ? asCustomer(onboarding, { app }) : null
}

async function loadEvent(ctx: Ctx, seq: string) {
  const event = await ctx.log.get(Number(seq))
  return event && appOf(ctx, event.appId) ? event : null
}
