import type { AppConfig } from '../config/config.ts'
import { appOf, type Ctx } from '../context.ts'
import {
  Allocation,
  findAllocation,
  lineIdOf,
  receivingBusinessIdOf,
  statusOfAllocation,
  funds,
  type allocationStatuses,
} from './allocation.ts'
import { clientWabasOf } from './client-wabas.ts'
import { allocationByOwner, allocationOfWaba } from './of-waba.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { businessAs } from '../accounts/account.ts'
import { builder } from '../graphql/builder.ts'
import { connectionOf, forwardArgs } from '../graphql/connection.ts'
import { Node } from '../graphql/node.ts'
import { Business, ClientWaba, ClientWabaConnection, CreditLine } from '../graphql/refs.ts'
import { readView, refuse } from '../graphql/refuse.ts'
import { plan, selectedBelow } from '../graphql/selection.ts'

export const CreditAllocation = builder.objectRef<Allocation>('CreditAllocation')
export const CreditAllocationConnection = connectionOf('CreditAllocation', CreditAllocation, 'allocations')

const CreditAllocationStatus = builder.enumType('CreditAllocationStatus', {
  description: 'Whether a line is shared.',
  values: {
    SHARED: { description: 'It is among the records that Graph lists, which are those that are active.' },
    REVOKED: {
      description: "Graph's `request_status` is DELETED: every account of the business has lost it.",
    },
    UNKNOWN: { description: 'It could not be read, or it is not listed and not DELETED either.' },
  } satisfies Record<(typeof allocationStatuses)[number], object>,
})

CreditAllocation.implement({
  description:
    'The record of one business portfolio sharing a credit line with another, for all its accounts. It stays readable when ' +
    'it is revoked. Source: Meta\'s page "Share and revoke credit lines"; read with the system token.',
  interfaces: [Node],
  isTypeOf: (value) => value instanceof Allocation,
  fields: (t) => ({
    allocationId: t.exposeString('id', { description: "Meta's id of the record (allocation config)." }),
    status: t.field({
      type: CreditAllocationStatus,
      description:
        'Whether the line is shared: from `graphRequestStatus` and from what Graph lists as active.',
      resolve: (allocation, _, ctx) => statusOfAllocation(ctx, allocation),
    }),
    graphRequestStatus: t.string({
      nullable: true,
      description:
        "`request_status` as Graph sends it: an open list, of which Meta's pages show DELETED only. Null when Graph gives none.",
      resolve: async (allocation, _, ctx) => (await allocation.node(ctx)).request_status ?? null,
    }),
    creditLine: t.field({
      type: CreditLine,
      nullable: true,
      description:
        'The line that is shared; null when neither Graph nor what was stored at sharing time says which.',
      resolve: async (allocation, _, ctx) => {
        const id = await lineIdOf(ctx, allocation)
        return id === null ? null : NodeHandle.unread('CreditLine', id, { app: allocation.app })
      },
    }),
    receivingBusiness: t.field({
      type: Business,
      nullable: true,
      description:
        'The customer: whose accounts take the line. From Graph, else from what was stored at sharing time; null when ' +
        'neither says.',
      resolve: (allocation, _, ctx) => receivingBusinessOf(ctx, allocation),
    }),
    funds: t.boolean({
      nullable: true,
      description:
        "True when the account's `primary_funding_id`, by the customer's business token, is this allocation's receiving " +
        'credential, by the system token. False when another or none pays. Null when it cannot be told: no token opens ' +
        'the account, or Graph gives no credential.',
      args: { wabaId: t.arg.id({ required: true, description: 'The account: global id or WABA id.' }) },
      resolve: (allocation, { wabaId }, ctx) => {
        const { id, apps } = readView(ctx, 'ClientWaba', 'wabaId', wabaId)
        if (apps.includes(allocation.app)) return funds(ctx, allocation, id)
        throw refuse('INVALID_INPUT', 'wabaId: it names another app than the one that sees this allocation.')
      },
    }),
    clientWabas: t.field({
      type: ClientWabaConnection,
      nullable: true,
      description:
        "The receiving business' accounts that are shared with ours: what revoking hits. The business may have others with " +
        'other partners. Searched among all accounts ' +
        'that are shared, 100 to a call: a page may be short, and `pageInfo` says whether more may follow. Null when it ' +
        'cannot be told who the receiving business is; NOT_PERMITTED, with their ids, when it cannot be told of some ' +
        'accounts whose they are, since one that is hit might be missing.',
      args: forwardArgs,
      resolve: (allocation, args, ctx, info) =>
        clientWabasOf(ctx, allocation, args, plan(selectedBelow(info, 'edges', 'node'))),
    }),
  }),
})

async function receivingBusinessOf(ctx: Ctx, allocation: Allocation): Promise<NodeHandle<'Business'> | null> {
  const businessId = await receivingBusinessIdOf(ctx, allocation)
  if (businessId === null) return null
  const { receiving_business: row } = await allocation.node(ctx)
  const business = await businessAs(ctx, allocation.app, businessId)
  return row?.name === undefined
    ? business
    : new NodeHandle('Business', businessId, business.viewer, ['id', 'name'], { id: row.id, name: row.name })
}

builder.objectField(ClientWaba, 'creditAllocation', (t) =>
  t.field({
    type: CreditAllocation,
    nullable: true,
    description:
      "What a line of the app's business shares with this account: as stored at sharing time, else as the line lists it " +
      "for the account's owner. Whether this account took it, `funds` says. Null when nothing is shared, or when it " +
      'cannot be told who owns the account.',
    resolve: (waba, _, ctx) => allocationOfWaba(ctx, waba),
  }),
)

builder.queryField('creditAllocation', (t) =>
  t.field({
    type: CreditAllocation,
    nullable: true,
    description:
      'By its id, or by the account that took it, also when its customer has unshared it since and Graph no longer says. ' +
      'Null when there is none, or no app of the caller may see it.',
    args: {
      id: t.arg.id({ description: 'Global id or allocation configuration id.' }),
      wabaId: t.arg.id({ description: 'In place of `id`: global id of an account, or WABA id.' }),
    },
    resolve: (_, args, ctx) => {
      if ((args.id == null) === (args.wabaId == null))
        throw refuse('INVALID_INPUT', 'Give either `id` or `wabaId`.')
      if (args.id == null) {
        const waba = readView(ctx, 'ClientWaba', 'wabaId', args.wabaId ?? '')
        return storedFor(ctx, waba.id, waba.apps)
      }
      const { id, apps } = readView(ctx, 'CreditAllocation', 'id', args.id)
      return findAllocation(ctx, id, apps)
    },
  }),
)

async function storedFor(ctx: Ctx, wabaId: string, apps: readonly AppConfig[]): Promise<Allocation | null> {
  const appIds = apps.map(({ appId }) => appId)
  const [stored] = await ctx.sharings.find({ wabaId }, appIds)
  const app = stored && appOf(ctx, stored.appId)
  if (app) return Allocation.unread(app, stored.allocationId)
  const found = await Promise.all(apps.map((one) => allocationByOwner(ctx, one, wabaId)))
  return found.find((one) => one !== null) ?? null
}
