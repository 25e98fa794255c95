import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { WriteId, WriteStore } from '../events/writes.ts'
import { decideNow, pollMs, pollsAtMost } from './record.ts'
import { stillRunning } from './problems.ts'

// Of one process: what several share, the store's rows decide.
const running = new WeakMap<WriteStore, Map<string, Promise<unknown>>>()

export interface LocalLock {
  /** Whether somebody else of this process was at the same write. */
  readonly waited: boolean
  /** The lock is held until this has ended too, although the outcome is given before. */
  hold(rest: Promise<unknown>): void
}

/** Runs the work while nobody else of this process is at the same write. */
export async function withLocalLock<T>(
  store: WriteStore,
  id: WriteId,
  work: (lock: LocalLock) => Promise<T>,
): Promise<T> {
  const others = running.get(store) ?? new Map<string, Promise<unknown>>()
  running.set(store, others)
  const key = JSON.stringify(id)
  let waited = false
  for (let other = others.get(key); other; other = others.get(key)) {
    waited = true
    await other
  }
  const rest: Promise<unknown>[] = []
  const own = work({ waited, hold: (promise) => void rest.push(promise) })
  const end = async (): Promise<void> => {
    await Promise.allSettled(rest)
    others.delete(key)
  }
  others.set(key, own.then(end, end))
  return own
}

/**
 * Runs the work while nobody else, in this process or another one, holds the lock: for writes that have keys of their own
 * and must see each other all the same.
 */
export function withLock<T>(
  ctx: Ctx,
  lock: { readonly verb: string; readonly object: string },
  work: () => Promise<T>,
): Promise<T | Problem> {
  const id = { appId: 'any', verb: lock.verb, key: `turn ${lock.object}` }
  return withLocalLock(ctx.writes, id, async () => {
    const token = await acquire(ctx, id)
    if (token === null) return stillRunning
    try {
      return await work()
    } finally {
      await release(ctx, id, token)
    }
  })
}

/** What came of the work stands, whatever the store says: a lock that nobody releases ends after a while. */
async function release({ writes, logger }: Ctx, id: WriteId, token: string): Promise<void> {
  try {
    await writes.forget(id, token)
  } catch (error) {
    logger.warn({ err: error, verb: id.verb }, 'a lock could not be released')
  }
}

/** The token of the lock; null when others held it for too long. */
async function acquire(ctx: Ctx, id: WriteId): Promise<string | null> {
  const { writes, time, instance } = ctx
  for (let poll = 0; poll < pollsAtMost; poll++) {
    const answer = await writes.begin(id, '', { holder: instance.id })
    if ('begun' in answer) return answer.begun.token
    const { known } = answer
    if (['wait', 'leave'].includes(await decideNow(ctx, known, poll))) await time.pause(pollMs)
    else await writes.forget(id, known.token)
  }
  return null
}
