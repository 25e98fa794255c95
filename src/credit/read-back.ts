import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import type { Account } from '../accounts/account.ts'
import {
  Allocation,
  receivingBusinessIdOf,
  statusOfAllocation,
  funds,
  type AllocationStatus,
} from './allocation.ts'
import { allocationFields } from './lines.ts'

export interface AllocationNow {
  readonly allocation: Allocation
  /** UNKNOWN when it could not be read. */
  readonly status: AllocationStatus
  /** Null when neither Graph nor the store says. */
  readonly businessId: string | null
}

export interface CreditReadBack extends AllocationNow {
  readonly verified: boolean | null
}

/**
 * An allocation after a write. When it cannot be read, the write has happened all the same: then it is shown by its id
 * and is not read once more, since that error would hide what was done.
 */
export async function readBackAllocation(ctx: Ctx, app: AppConfig, id: string): Promise<AllocationNow> {
  ctx.reads.renew()
  const nothing = unreadAllocation(app, id)
  const read = await whatCan(ctx, id, () => look(ctx, Allocation.unread(app, id)))
  return read ?? (await whatCan(ctx, id, () => look(ctx, nothing.allocation))) ?? nothing
}

/** One of which nothing but the id can be told. */
export const unreadAllocation = (app: AppConfig, id: string): CreditReadBack => ({
  allocation: new Allocation(new NodeHandle('CreditAllocation', id, { app }, allocationFields)),
  status: 'UNKNOWN',
  businessId: null,
  verified: null,
})

async function look(ctx: Ctx, allocation: Allocation): Promise<AllocationNow> {
  await allocation.node(ctx)
  const [status, businessId] = await Promise.all([
    statusOfAllocation(ctx, allocation),
    receivingBusinessIdOf(ctx, allocation),
  ])
  return { allocation, status, businessId }
}

export async function readBackSharing(
  ctx: Ctx,
  { app, wabaId }: Account,
  allocationId: string,
): Promise<CreditReadBack> {
  const now = await readBackAllocation(ctx, app, allocationId)
  const verified = await whatCan(ctx, allocationId, () => funds(ctx, now.allocation, wabaId))
  return { ...now, verified }
}

/** Null for what fails, whatever it is: Graph, or the store. */
async function whatCan<T>(ctx: Ctx, allocationId: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    ctx.logger.warn({ err: error, allocationId }, 'an allocation could not be read back')
    return null
  }
}
