import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { outcomeOf } from '../graph/error.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { accountOf, type Account } from '../accounts/account.ts'
import { Allocation, funds } from './allocation.ts'
import { creditLinesOf, listActive } from './lines.ts'
import { remember } from './attach.ts'

/**
 * What our line shares with the owner of an account: as it was stored at sharing time, unless that is revoked and another
 * is there, else as the line lists it. Null when nothing is shared.
 */
export async function allocationOfWaba(ctx: Ctx, waba: NodeHandle<'ClientWaba'>): Promise<Allocation | null> {
  const { app } = waba.viewer
  const stored = await storedFor(ctx, waba)
  if (stored && !(await isRevoked(ctx, stored))) return stored
  return (await listedFor(ctx, await accountOf(ctx, app, waba.id), stored)) ?? stored
}

/**
 * Of an account that nobody has stored and Graph may not show any more: by the owner that the app's own onboarding names,
 * so that what a lost share has made can be revoked after the customer unshared.
 */
export async function allocationByOwner(
  ctx: Ctx,
  app: AppConfig,
  wabaId: string,
): Promise<Allocation | null> {
  const known = await ctx.log.onboarding({ wabaId }, [app.appId])
  if (!known) return null
  const customer = { businessId: known.ownerBusinessId, solutionId: known.solutionId }
  return listedFor(ctx, { app, wabaId, customer }, null)
}

async function storedFor(
  ctx: Ctx,
  { id, viewer: { app } }: NodeHandle<'ClientWaba'>,
): Promise<Allocation | null> {
  const [stored] = await ctx.sharings.find({ wabaId: id }, [app.appId])
  return stored ? Allocation.unread(app, stored.allocationId) : null
}

/** One that cannot be read is shown, and says so itself. */
async function isRevoked(ctx: Ctx, allocation: Allocation): Promise<boolean> {
  const outcome = await outcomeOf(allocation.node(ctx))
  return 'value' in outcome && outcome.value.request_status === 'DELETED'
}

async function listedFor(
  ctx: Ctx,
  account: Omit<Account, 'isOwn'>,
  stored: Allocation | null,
): Promise<Allocation | null> {
  const { app, wabaId, customer } = account
  if (customer === null) return null
  const lines = await creditLinesOf(ctx, app)
  const lists = await Promise.all(
    lines.map(async (line) => {
      const { rows, asked } = await listActive(ctx, app, line.id, customer.businessId)
      return rows.map((row) => Allocation.row(app, line.id, row, asked))
    }),
  )
  const found = await payer(ctx, lists.flat(), wabaId)
  if (found && found.id !== stored?.id)
    await remember(ctx, {
      appId: app.appId,
      allocationId: found.id,
      wabaId,
      businessId: customer.businessId,
      creditLineId: found.listedBy,
      attached: false,
    })
  return found
}

/** Of several lines that are shared with one business, the one that pays for the account. */
async function payer(
  ctx: Ctx,
  allocations: readonly Allocation[],
  wabaId: string,
): Promise<Allocation | null> {
  const [first = null, ...others] = allocations
  if (others.length === 0) return first
  const paying = await Promise.all(allocations.map((one) => funds(ctx, one, wabaId)))
  return allocations.find((_, index) => paying[index]) ?? first
}
