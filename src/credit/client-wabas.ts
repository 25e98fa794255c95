import type { Ctx } from '../context.ts'
import type { Connection } from '../lib/connection.ts'
import { readOwnerInfo } from '../graph/endpoints/credit.ts'
import type { WabaNode } from '../graph/nodes.ts'
import { listClientWabas } from '../graph/endpoints/wabas.ts'
import { GraphError, unlessRefused } from '../graph/error.ts'
import { type FieldTree, mergeFields } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import { connect, type ConnectionArgs } from '../reads/connect.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { accountOf, businessAs, ownerFields } from '../accounts/account.ts'
import { receivingBusinessIdOf, type Allocation } from './allocation.ts'

/**
 * The accounts of the receiving business that are shared with ours: what revoking the allocation hits. Fails where it
 * cannot be told whose an account is: a list without it would say that it is not hit.
 */
export async function clientWabasOf(
  ctx: Ctx,
  allocation: Allocation,
  args: ConnectionArgs,
  fields: FieldTree,
): Promise<Connection<NodeHandle<'ClientWaba'>> | null> {
  const businessId = await receivingBusinessIdOf(ctx, allocation)
  if (businessId === null) return null
  const { app } = allocation
  const wanted = mergeFields(fields, ownerFields)
  const fetch = async (
    _: number,
    after: string | null,
    isOutdated: boolean,
  ): Promise<Page<NodeHandle<'ClientWaba'>>> => {
    // Most rows are of other businesses, so pages are as long as they can be.
    const call = (text: string) =>
      listClientWabas(app.businessId, { limit: 100, after: after ?? undefined, fields: text })
    const { page, asked } = await ctx.reads.page('ClientWaba', wanted, call, { app }, isOutdated)
    const owners = await Promise.all(page.data.map((row) => ownerIdOf(ctx, allocation, businessId, row)))
    refuseUntold(page.data.filter((_row, index) => owners[index] === null))
    const own = page.data.filter((_row, index) => owners[index] === businessId)
    return {
      data: own.map((row) => new NodeHandle('ClientWaba', row.id, { app }, asked, row)),
      after: page.after,
    }
  }
  return connect(args, { name: () => `accounts that allocation ${allocation.id} hits`, fetch })
}

/** Where nobody tells whose it is, the receiving business' token may. */
async function ownerIdOf(
  ctx: Ctx,
  { app }: Allocation,
  businessId: string,
  row: WabaNode,
): Promise<string | null> {
  const { isOwn, customer } = await accountOf(ctx, app, row.id, row)
  if (isOwn) return app.businessId
  if (customer) return customer.businessId
  const { viewer } = await businessAs(ctx, app, businessId)
  return ownerToCustomer(ctx, row.id, viewer)
}

/** The token of the business opens its own accounts. What it does not open may be another's, or not in its solution. */
async function ownerToCustomer(ctx: Ctx, wabaId: string, viewer: Viewer): Promise<string | null> {
  const waba = await unlessRefused(ctx.reads.call(readOwnerInfo(wabaId, 'business'), viewer))
  return waba?.owner_business_info?.id ?? null
}

const namedAtMost = 5

function refuseUntold(rows: readonly WabaNode[]): void {
  if (rows.length === 0) return
  const ids = rows.slice(0, namedAtMost).map(({ id }) => id)
  const more = rows.length > namedAtMost ? ' and more' : ''
  throw new GraphError(
    'permission',
    `Whose account ${ids.join(', ')}${more} is cannot be told, so neither can what revoking this allocation hits: ` +
      'Graph gives no `owner_business`, and nothing here was told of an onboarding.',
  )
}
