import type { GraphQLResolveInfo } from 'graphql'
import { appOf, type Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import { listSolutions } from '../graph/endpoints/solutions.ts'
import { listClientWabas, listOwnedWabas } from '../graph/endpoints/wabas.ts'
import type { SolutionNode, WabaNode } from '../graph/nodes.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { builder } from '../graphql/builder.ts'
import { forwardArgs } from '../graphql/connection.ts'
import { asSent, pageOf } from '../graphql/graph-field.ts'
import { Node } from '../graphql/node.ts'
import { App, ClientWabaConnection, SolutionConnection } from '../graphql/refs.ts'
import { readId, readOptionalId, refuse } from '../graphql/refuse.ts'
import { plan, selectedBelow } from '../graphql/selection.ts'

const SolutionRole = builder.enumType('SolutionRole', {
  description: "An app's part in a solution.",
  values: {
    OWNER: { description: 'The app created the solution.' },
    PARTNER: { description: 'The app was invited to it.' },
  },
})

const ClientWabaSort = builder.enumType('ClientWabaSort', {
  description: 'Order of a list of accounts.',
  values: {
    CREATION_TIME_ASCENDING: { value: 'creation_time_ascending', description: 'Oldest account first.' },
    CREATION_TIME_DESCENDING: { value: 'creation_time_descending', description: 'Newest account first.' },
  },
})

const accountArgs = builder.args((t) => ({
  createdAfter: t.field({ type: 'DateTime', description: 'Only accounts created after this time.' }),
  createdBefore: t.field({ type: 'DateTime', description: 'Only accounts created before this time.' }),
  sort: t.field({ type: ClientWabaSort, description: "Graph's own order when left out." }),
  ...forwardArgs,
}))

App.implement({
  description: "A Meta app: one of this gateway's own, or a partner's as its solutions show it.",
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('App', value),
  fields: (t) => ({
    appId: t.exposeString('id', { description: "Meta's id of the app." }),
    name: t.string({
      nullable: true,
      description: 'Display name; null when Graph gives none.',
      ...asSent('App', 'name'),
    }),
    link: t.string({
      nullable: true,
      description: "The app's page; null when Graph gives none.",
      ...asSent('App', 'link'),
    }),
    businessId: t.string({
      nullable: true,
      description: "Business portfolio that owns the app; null for a partner's app.",
      resolve: (app, _, ctx) => appOf(ctx, app.id)?.businessId ?? null,
    }),
    solutions: t.field({
      type: SolutionConnection,
      nullable: true,
      description: "The solutions that the app takes part in, as Graph lists them; null for a partner's app.",
      args: {
        role: t.arg({ type: SolutionRole, description: 'Only those in which the app has this part.' }),
        ...forwardArgs,
      },
      resolve: (app, args, ctx, info) => ownSolutions(appOf(ctx, app.id), args, ctx, info),
    }),
    clientWabas: t.field({
      type: ClientWabaConnection,
      nullable: true,
      description:
        "Accounts of customers shared with the app's business portfolio; null for a partner's app.",
      args: {
        partnerBusinessId: t.arg.string({
          description:
            'Only accounts onboarded through a solution with this partner: its business portfolio id, not its app id.',
        }),
        ...accountArgs,
      },
      resolve: (app, args, ctx, info) => accounts(appOf(ctx, app.id), listClientWabas, args, ctx, info),
    }),
    ownedWabas: t.field({
      type: ClientWabaConnection,
      nullable: true,
      description:
        "Accounts that belong to the app's own business portfolio, no customer's; null for a partner's app. All their fields are read with the system token. Source: Meta's guide \"Manage accounts\".",
      args: accountArgs,
      resolve: (app, args, ctx, info) => accounts(appOf(ctx, app.id), listOwnedWabas, args, ctx, info),
    }),
  }),
})

type PageArguments = { first?: number | null | undefined; after?: string | null | undefined }

function ownSolutions(
  app: AppConfig | null,
  args: PageArguments & { role?: 'OWNER' | 'PARTNER' | null | undefined },
  ctx: Ctx,
  info: GraphQLResolveInfo,
) {
  if (!app) return null
  const role = args.role ?? undefined
  return pageOf<SolutionNode, NodeHandle<'Solution'>>(ctx, args, {
    type: 'Solution',
    fields: plan(selectedBelow(info, 'edges', 'node')),
    viewer: { app },
    endpoint: (page) => listSolutions(app.appId, { role, ...page }),
    show: (row, asked) => new NodeHandle('Solution', row.id, { app }, asked, row),
  })
}

interface AccountArguments extends PageArguments {
  partnerBusinessId?: string | null | undefined
  createdAfter?: number | null | undefined
  createdBefore?: number | null | undefined
  sort?: 'creation_time_ascending' | 'creation_time_descending' | null | undefined
}

function accounts(
  app: AppConfig | null,
  list: typeof listClientWabas,
  args: AccountArguments,
  ctx: Ctx,
  info: GraphQLResolveInfo,
) {
  if (!app) return null
  const filter = {
    partnerBusinessId: readOptionalId('Business', 'partnerBusinessId', args.partnerBusinessId) ?? undefined,
    createdAfter: toSeconds(args.createdAfter),
    createdBefore: toSeconds(args.createdBefore),
    sort: args.sort ?? undefined,
  }
  return pageOf<WabaNode, NodeHandle<'ClientWaba'>>(ctx, args, {
    type: 'ClientWaba',
    fields: plan(selectedBelow(info, 'edges', 'node')),
    viewer: { app },
    endpoint: (page) => list(app.businessId, { ...filter, ...page }),
    show: (row, asked) => new NodeHandle('ClientWaba', row.id, { app }, asked, row),
  })
}

function toSeconds(milliseconds: number | null | undefined): number | undefined {
  return milliseconds == null ? undefined : Math.floor(milliseconds / 1000)
}

/** One of the caller's own apps as a node. */
export function ownApp(app: AppConfig): NodeHandle<'App'> {
  return new NodeHandle('App', app.appId, { app })
}

builder.queryFields((t) => ({
  apps: t.field({
    type: [App],
    description: 'The Meta apps this gateway holds credentials for and the caller may use.',
    resolve: (_, __, ctx) => ctx.actor.apps.map(ownApp),
  }),
  app: t.field({
    type: App,
    nullable: true,
    description: 'One of `apps`; null when it is none of them.',
    args: {
      id: t.arg.id({ description: 'Global id or Meta app id; may be left out when one app is configured.' }),
    },
    resolve: (_, { id }, ctx) => findApp(ctx, id),
  }),
}))

function findApp(ctx: Ctx, id: string | null | undefined): NodeHandle<'App'> | null {
  const [only, ...others] = ctx.actor.apps
  if (id == null && others.length > 0)
    throw refuse('INVALID_INPUT', 'id: several apps are configured, say which.')
  const app = id == null ? only : appOf(ctx, readId('App', 'id', id))
  return app ? ownApp(app) : null
}
