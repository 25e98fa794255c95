import type { Ctx } from '../context.ts'
import type { NewEvent } from '../events/event.ts'
import type { WriteId } from '../events/writes.ts'

/** A record that has something to tell. */
export interface Left {
  readonly id: WriteId
  readonly startedAt: number
}

type Parts = Pick<Ctx, 'log' | 'writes' | 'logger'>

/**
 * Puts the end of a write into the log, and then off its record. The write has happened: a store that cannot take the
 * event is logged, does not turn success into failure, and has it told later.
 */
export async function tell(
  ctx: Parts,
  events: readonly NewEvent[],
  left: Promise<Left | null>,
): Promise<void> {
  try {
    await ctx.log.append(events)
  } catch (error) {
    ctx.logger.error({ err: error }, 'a write could not be recorded')
    return
  }
  void markTold(ctx, left)
}

/** Nobody waits for it: what stays marked as untold is told again, and that stores nothing. */
async function markTold({ writes, logger }: Parts, left: Promise<Left | null>): Promise<void> {
  try {
    const record = await left
    if (record) await writes.told(record.id, record.startedAt)
  } catch (error) {
    logger.warn({ err: error }, 'a write that was told is still marked as untold')
  }
}
