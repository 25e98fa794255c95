import type { Ctx } from '../context.ts'
import type { Connection } from '../connection.ts'
import type { WabaNode } from '../graph/endpoints/shapes.ts'
import { listClientWabas } from '../graph/endpoints/wabas.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import { connect, type ConnectionArgs } from '../loaders/connect.ts'
import { mergeFields } from '../loaders/merge-fields.ts'
import { Seen } from '../loaders/seen.ts'
import { onboardingOf } from '../wabas/owner.ts'
import { receivingBusinessIdOf, type Allocation } from './allocation.ts'

/**
 * The accounts of the receiving business that are shared with ours: what revoking the allocation hits. Whose an account
 * is, Graph says with the account, else its onboarding.
 */
export async function clientWabasOf(
  ctx: Ctx,
  allocation: Allocation,
  args: ConnectionArgs,
  fields: FieldTree,
): Promise<Connection<Seen<'ClientWaba'>> | null> {
  const businessId = await receivingBusinessIdOf(ctx, allocation)
  if (businessId === null) return null
  const { app } = allocation
  const wanted = mergeFields(fields, ['owner_business'])
  const fetch = async (_: number, after: string | null): Promise<Page<Seen<'ClientWaba'>>> => {
    // Most rows are of other businesses, so pages are as long as they can be.
    const call = (text: string) =>
      listClientWabas(app.businessId, { limit: 100, after: after ?? undefined, fields: text })
    const { page, asked } = await ctx.reads.page('ClientWaba', wanted, call, { app })
    const owners = await Promise.all(page.data.map((row) => ownerOf(ctx, app.appId, row)))
    const own = page.data.filter((_row, index) => owners[index] === businessId)
    return { data: own.map((row) => new Seen('ClientWaba', row.id, { app }, asked, row)), after: page.after }
  }
  return connect(args, fetch)
}

async function ownerOf(
  ctx: Ctx,
  appId: string,
  { id, owner_business: owner }: WabaNode,
): Promise<string | null> {
  return owner?.id ?? (await onboardingOf(ctx, { wabaId: id }, appId))?.ownerBusinessId ?? null
}
