import { z } from 'zod'

import { appsOf } from '../graph/access.ts'
import { forbidden, invalid } from '../graph/error.ts'
import { type Params, text } from '../graph/params.ts'
import { type Scope, type BoundEdge, type BoundNode, type Nodes, edge, value } from './bound.ts'
import type { AppRow, World } from '../world/rows.ts'
import { subscriptionNode } from './subscription.ts'

export function appNode(nodes: Nodes, app: AppRow): BoundNode {
  return {
    type: 'Application',
    id: app.id,
    defaults: ['link', 'name', 'id'],
    fields: {
      id: value(z.string(), () => app.id),
      name: value(z.string(), () => app.name),
      link: value(z.url(), () => app.link),
      whatsapp_business_solutions: edge((scope) => solutionsOfApp(scope, nodes, app)),
      connected_client_businesses: edge((scope) => customersOfApp(scope, nodes, app)),
      subscriptions: edge((scope) => subscriptionsOfApp(scope, app)),
    },
  }
}

// developers.facebook.com/documentation/business-messaging/whatsapp/reference: GET /{Application-ID}/whatsapp_business_solutions
function solutionsOfApp({ caller }: Scope, nodes: Nodes, app: AppRow): BoundEdge {
  if (!appsOf(caller).includes(app.id)) throw forbidden('Only the app itself may list its solutions')
  if (caller.kind !== 'system' && caller.kind !== 'user') {
    throw forbidden("Listing solutions needs a token of the app's own portfolio")
  }
  return {
    path: `${app.id}/whatsapp_business_solutions`,
    takes: ['role'],
    defaults: ['name', 'status', 'status_for_pending_request'],
    paged: true,
    keys: (params) => solutionIds(nodes.world, app, params),
    row: nodes.solution,
  }
}

function solutionIds(world: World, app: AppRow, params: Params): string[] {
  const role = text(params, 'role')
  if (role !== undefined && role !== 'OWNER' && role !== 'PARTNER') {
    throw invalid('Param role must be one of {OWNER, PARTNER}')
  }
  const owned = [...world.solutions.values()].filter((solution) => solution.ownerAppId === app.id)
  const invited = [...world.partners.values()].filter((partner) => partner.appId === app.id)
  const ids = new Set([
    ...(role === 'PARTNER' ? [] : owned.map((solution) => solution.id)),
    ...(role === 'OWNER' ? [] : invited.map((partner) => partner.solutionId)),
  ])
  return [...world.solutions.keys()].filter((id) => ids.has(id))
}

/** Meta's Business SDK and OpenAPI file: the businesses that have let the app in. */
function customersOfApp({ caller }: Scope, nodes: Nodes, app: AppRow): BoundEdge {
  if (caller.kind !== 'system' || caller.app.id !== app.id) {
    throw forbidden("Listing customers needs the system token of the app's own portfolio")
  }
  const letIn = [...nodes.world.tokens.values()].filter(
    (row) => row.kind === 'business' && row.appId === app.id && row.revoked !== 458,
  )
  return {
    path: `${app.id}/connected_client_businesses`,
    takes: [],
    paged: true,
    keys: () => [...new Set(letIn.map((row) => row.businessId))],
    row: nodes.business,
  }
}

/** An app token is asked for on this edge: Meta's page "Webhooks, subscriptions edge". */
function subscriptionsOfApp({ sim, caller }: Scope, app: AppRow): BoundEdge {
  if (caller.kind !== 'app' || caller.app.id !== app.id)
    throw forbidden('This edge needs the app access token')
  const subscription = sim.subscriptions.get(app.id)
  return {
    path: `${app.id}/subscriptions`,
    takes: [],
    paged: false,
    keys: () => (subscription === undefined ? [] : [subscription.object]),
    row: () => subscription && subscriptionNode(subscription),
  }
}
