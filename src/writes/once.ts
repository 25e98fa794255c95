import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { withLocalLock } from './lock.ts'
import { conflict, ofNewerRelease, stillRunning } from './problems.ts'
import { decideNow, digestOf, pollMs, pollsAtMost } from './record.ts'

/** A request that takes several writes, each of which sees for itself whether it is done. */
interface Composite {
  readonly app: AppConfig
  readonly verb: string
  readonly key: string | null
  /** All that makes it another request under one key. Only its digest is stored. */
  readonly input: unknown
}

/** What an earlier call with the key came to. */
export interface Earlier<Kept> {
  readonly earlier: Kept
}

/**
 * Runs it once under its key: the same call again gives what it came to. `keep` says what is stored of a result, as JSON and
 * without secrets; null of one that is not final, so that the same call goes on, as it does when whoever had begun has died.
 */
export async function runOnce<Result, Kept>(
  ctx: Ctx,
  composite: Composite,
  work: () => Promise<Result>,
  keep: (result: Result) => Kept | null,
): Promise<Result | Earlier<Kept> | Problem> {
  const { key } = composite
  if (key === null) return work()
  const id = idOfComposite(composite, key)
  const input = digestOf(composite.input)
  return withLocalLock(ctx.writes, id, async () => {
    for (let poll = 0; poll < pollsAtMost; poll++) {
      const answer = await ctx.writes.begin(id, input, { holder: ctx.instance.id })
      if ('begun' in answer) return first(ctx, { id, token: answer.begun.token }, work, keep)
      const { known } = answer
      if (known.input !== input) return conflict
      if (known.state === 'newer') return ofNewerRelease
      if (known.state === 'done') return { earlier: JSON.parse(known.outcome ?? '') as Kept }
      await passOver(ctx, known, poll)
    }
    return stillRunning
  })
}

/** A CONFLICT when the key was used with another input; of the rest, the work itself knows what was done before. */
export async function claimKey(ctx: Ctx, composite: Composite): Promise<Problem | null> {
  const { key } = composite
  if (key === null) return null
  const id = idOfComposite(composite, key)
  const input = digestOf(composite.input)
  const answer = await ctx.writes.begin(id, input)
  if ('known' in answer) return answer.known.input === input ? null : conflict
  await ctx.writes.settle(id, answer.begun.token, 'done', null)
  return null
}

const idOfComposite = ({ app: { appId }, verb }: Composite, key: string): WriteId => ({
  appId,
  verb,
  key: `key ${key}`,
})

async function first<Result, Kept>(
  { writes }: Ctx,
  { id, token }: { readonly id: WriteId; readonly token: string },
  work: () => Promise<Result>,
  keep: (result: Result) => Kept | null,
): Promise<Result> {
  try {
    const result = await work()
    const kept = keep(result)
    if (kept === null) await writes.forget(id, token)
    else await writes.settle(id, token, 'done', JSON.stringify(kept))
    return result
  } catch (error) {
    await writes.forget(id, token)
    throw error
  }
}

/** Waits for whoever has begun it, or takes over from who has died. */
async function passOver(ctx: Ctx, known: WriteRecord, looks: number): Promise<void> {
  if ((await decideNow(ctx, known, looks)) === 'wait') await ctx.time.pause(pollMs)
  else await ctx.writes.forgetUnsent(known.id, known.token)
}
