import type { Ctx } from '../context.ts'
import type { Sharing } from '../events/sharings.ts'

/** Keeps who took which line. It is so whether the store takes it or not, so a failure is logged and no more. */
export async function remember(ctx: Ctx, sharing: Omit<Sharing, 'sharedAt'>): Promise<void> {
  try {
    await ctx.sharings.save({ ...sharing, sharedAt: ctx.clock() })
  } catch (error) {
    ctx.logger.error(
      { err: error, allocationId: sharing.allocationId },
      'a sharing of credit could not be kept',
    )
  }
}
