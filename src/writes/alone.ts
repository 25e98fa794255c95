import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { WriteId } from '../events/writes.ts'
import { exclusively } from './exclusive.ts'
import { judge, pollMs, pollsAtMost } from './judge.ts'
import { stillRunning } from './problems.ts'

/**
 * Runs the work when nobody else is at what the turn is for, in this process or another one: for writes that have keys of
 * their own and must see each other all the same.
 */
export function alone<T>(
  ctx: Ctx,
  turn: { readonly verb: string; readonly object: string },
  work: () => Promise<T>,
): Promise<T | Problem> {
  const id = { appId: 'any', verb: turn.verb, key: `turn ${turn.object}` }
  return exclusively(ctx.writes, id, async () => {
    const startedAt = await take(ctx, id)
    if (startedAt === null) return stillRunning
    try {
      return await work()
    } finally {
      await end(ctx, id, startedAt)
    }
  })
}

/** What came of the work stands, whatever the store says: a turn that nobody ends is over after a while. */
async function end({ writes, logger }: Ctx, id: WriteId, startedAt: number): Promise<void> {
  try {
    await writes.forget(id, startedAt)
  } catch (error) {
    logger.warn({ err: error, verb: id.verb }, 'a turn could not be ended')
  }
}

/** When the turn was taken; null when others had it for too long. */
async function take({ writes, clock }: Ctx, id: WriteId): Promise<number | null> {
  for (let poll = 0; poll < pollsAtMost; poll++) {
    const startedAt = clock()
    const known = await writes.begin(id, '', startedAt)
    if (!known) return startedAt
    if (judge(known, clock()) === 'wait') await pause(pollMs)
    else await writes.forget(id, known.startedAt)
  }
  return null
}
