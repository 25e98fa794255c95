import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors.ts'
import type { WriteId, WriteRecord, WriteStore } from '../events/writes.ts'

/** What came of a write: the id of what it made, or why it made nothing. */
export type Outcome =
  | { readonly made: string; /** Made by an earlier call. */ readonly repeated?: boolean }
  | { readonly problem: Problem }

/** A write in the two halves between which a process may die. */
export interface Steps {
  /** Looks at what there is, so that what the write makes can be told from it later. Stored before sending. */
  prepare(): Promise<readonly string[]>
  /** Sends it once. A problem with OUTCOME_UNKNOWN means that it may have happened. */
  send(before: readonly string[]): Promise<Outcome>
  /** Looks whether a write that was sent earlier has happened: what it made, or null when that cannot be told. */
  find(before: readonly string[], startedAt: number): Promise<string | null>
}

/** Longer than the look before a write can take. */
const begunMs = 120_000

// Callers of one process that use one key at the same time wait for the one write.
const inFlight = new WeakMap<WriteStore, Map<string, Promise<Outcome>>>()

/** Runs a write once per key. The same key again gives the first outcome, also after a crash; with another input CONFLICT. */
export async function once(ctx: Ctx, id: WriteId, input: string, steps: Steps): Promise<Outcome> {
  const running = runningOf(ctx.writes)
  const key = `${id.appId} ${id.verb} ${id.key}`
  // Whoever comes while the write is under way asks the store when it has ended.
  for (let other = running.get(key); other; other = running.get(key)) await other.catch(() => null)
  const outcome = decide(ctx, id, input, steps).finally(() => running.delete(key))
  running.set(key, outcome)
  return outcome
}

async function decide(ctx: Ctx, id: WriteId, input: string, steps: Steps): Promise<Outcome> {
  const known = await ctx.writes.begin(id, input, ctx.clock())
  if (!known) return first(ctx, id, steps)
  if (known.input !== input) return { problem: conflict }
  return known.outcome === null ? takeOver(ctx, id, input, known, steps) : repeat(ctx, id, known, steps)
}

/** A write that was begun and not sent: its process has died, or another instance is just about to send it. */
async function takeOver(
  ctx: Ctx,
  id: WriteId,
  input: string,
  known: WriteRecord,
  steps: Steps,
): Promise<Outcome> {
  if (ctx.clock() - known.startedAt < begunMs) return { problem: inProgress }
  await ctx.writes.forget(id)
  return (await ctx.writes.begin(id, input, ctx.clock())) ? { problem: inProgress } : first(ctx, id, steps)
}

function runningOf(writes: WriteStore): Map<string, Promise<Outcome>> {
  const running = inFlight.get(writes) ?? new Map<string, Promise<Outcome>>()
  inFlight.set(writes, running)
  return running
}

async function first(ctx: Ctx, id: WriteId, steps: Steps): Promise<Outcome> {
  const before = await lookFirst(ctx, id, steps)
  return remember(ctx, id, before, await steps.send(before))
}

async function lookFirst(ctx: Ctx, id: WriteId, steps: Steps): Promise<readonly string[]> {
  try {
    const before = await steps.prepare()
    await ctx.writes.settle(id, 'pending', JSON.stringify(before))
    return before
  } catch (error) {
    // Nothing was sent: the key is free again.
    await ctx.writes.forget(id)
    throw error
  }
}

async function remember(
  ctx: Ctx,
  id: WriteId,
  before: readonly string[],
  outcome: Outcome,
): Promise<Outcome> {
  if ('made' in outcome) await ctx.writes.settle(id, 'done', JSON.stringify(outcome))
  else if (outcome.problem.code === 'OUTCOME_UNKNOWN')
    await ctx.writes.settle(id, 'unknown', JSON.stringify(before))
  else if (mayPass(outcome.problem)) await ctx.writes.forget(id)
  else await ctx.writes.settle(id, 'refused', JSON.stringify(outcome))
  return outcome
}

/** Refusals that say nothing of the write itself: the same key may be used again when their cause is gone. */
function mayPass({ code, retryable }: Problem): boolean {
  return retryable || code === 'TOKEN_INVALID' || code === 'NOT_PERMITTED'
}

async function repeat(ctx: Ctx, id: WriteId, known: WriteRecord, steps: Steps): Promise<Outcome> {
  const stored: unknown = JSON.parse(known.outcome ?? '[]')
  if (known.state === 'done') return { ...(stored as Outcome & { made: string }), repeated: true }
  if (known.state === 'refused') return stored as Outcome
  const made = await steps.find(stored as string[], known.startedAt)
  if (made === null) return { problem: unknownOutcome }
  await ctx.writes.settle(id, 'done', JSON.stringify({ made }))
  return { made }
}

const inProgress = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'A request with this idempotency key has begun and not ended. Ask again in a moment: nothing is sent twice.',
  true,
)

const conflict = gatewayProblem('CONFLICT', 'This idempotency key was used with another input.')

export const unknownOutcome = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The write was sent and no definite answer came, and what it may have made cannot be found now. The same idempotency ' +
    'key looks again and never sends; once you have seen that nothing was made, use a new key.',
)
