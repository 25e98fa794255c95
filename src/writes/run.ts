import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { WriteRecord } from '../events/writes.ts'
import { GraphError } from '../graph/error.ts'
import { saidBy, toProblem, withSaid } from '../problems.ts'
import { withLocalLock } from './lock.ts'
import {
  decideForRecord,
  pollMs,
  pollsAtMost,
  secondsToCertainty,
  sendWithinMs,
} from './decide-for-record.ts'
import { conflict, outcomeUnknown, stillRunning, tooSlow, whyOpen } from './problems.ts'
import { printBegun, readBegun, settleDone, settleFailed, type Begun, type Run } from './settle.ts'
import { idOf, inputOf, readEnded, type Invisible, type LookUp, type Outcome, type Write } from './write.ts'

/**
 * Runs a write once. With a key, the same call again gives the first outcome, from any instance and after a crash, and
 * another input is a CONFLICT. Without one, the object stands for the key as long as the outcome is open. What Graph
 * refuses and what stays unknown is published here; what was done the verb publishes, once it has read it back.
 */
export function runWrite<Before, Refusal>(
  ctx: Ctx,
  write: Write<Before, Refusal>,
): Promise<Outcome<Refusal>> {
  // What it reads, before and after, may use what is kept for changes: whoever asks, and not only a mutation.
  ctx.cost.priority = 'change'
  const id = idOf(write)
  const input = inputOf(write)
  return withLocalLock(ctx.writes, id, (lock) => decide({ ctx, write, id, input, lock }))
}

async function decide<B, R>(run: Run<B, R>): Promise<Outcome<R>> {
  const { ctx, write, id, input } = run
  for (let poll = 0; poll < pollsAtMost; poll++) {
    const startedAt = ctx.clock()
    const known = await ctx.writes.begin(id, input, startedAt)
    if (!known) return first(run, startedAt, run.lock.waited || poll > 0)
    if (known.input !== input && write.key !== null) return { problem: conflict }
    const outcome = await resume(run, known)
    if (outcome) return outcome
  }
  return { problem: stillRunning }
}

/** What a write that is on record makes of this one; null when it is worth another try to begin. */
async function resume<B, R>(run: Run<B, R>, known: WriteRecord): Promise<Outcome<R> | null> {
  const { ctx, id } = run
  switch (decideForRecord(known, ctx.clock())) {
    case 'answer':
      return answer(known)
    case 'wait':
      await pause(pollMs)
      return null
    case 'begin-again':
      // What was read may be old by now, when this process was paused.
      await ctx.writes.forgetUnsent(id, known.startedAt)
      return null
    case 'look-up':
      return lookUpOutcome(run, known)
  }
}

function answer(record: WriteRecord): Outcome {
  const stored = readEnded(record)
  if ('problem' in stored) return stored
  return { ...stored, repeated: true, publish: nothing, markUnknown: async (problem) => problem }
}

const nothing = async (): Promise<void> => {}

/** Null when the one on record is settled and asked for something else, or did not happen. */
async function lookUpOutcome<B, R>(run: Run<B, R>, known: WriteRecord): Promise<Outcome<R> | null> {
  const { ctx, write, id, input } = run
  const begun = readBegun<B>(known, write.app.appId)
  const { startedAt } = begun
  // The look counts for the time at which it began, however long this process may be paused in it.
  const now = ctx.clock()
  const found = await lookUp(run, begun)
  if (typeof found === 'object') {
    const sent = { createdId: found.createdId, traceId: null }
    if (known.input === input) return settleDone(run, begun, sent)
    // Its own caller has gone, so nobody else publishes it.
    await settleDone(run, begun, sent, { kind: 'OTHER' }).publish()
    return null
  }
  const problem = whyOpen(found, write.key !== null, secondsToCertainty(startedAt, now))
  if (problem) return { problem: withSaid(problem, begun.said) }
  ctx.logger.warn({ verb: write.verb, object: write.object, found }, 'a write without an answer is given up')
  await ctx.writes.forget(id, startedAt)
  return null
}

async function first<B, R>(run: Run<B, R>, startedAt: number, waited: boolean): Promise<Outcome<R>> {
  const { ctx, write, id } = run
  const prepared = await prepare(run, startedAt, waited)
  if ('refused' in prepared || ctx.clock() - startedAt > sendWithinMs) {
    await ctx.writes.forget(id, startedAt)
    return 'refused' in prepared ? prepared : { problem: tooSlow }
  }
  const begun = { before: prepared.before, startedAt, appId: write.app.appId }
  const isOurs = await ctx.writes.settle(id, startedAt, 'pending', printBegun(begun))
  return isOurs ? send(run, begun) : { problem: stillRunning }
}

async function prepare<B, R>({ ctx, write, id }: Run<B, R>, startedAt: number, waited: boolean) {
  try {
    return await write.prepare(waited)
  } catch (error) {
    await ctx.writes.forget(id, startedAt)
    throw error
  }
}

async function send<B, R>(run: Run<B, R>, begun: Begun<B>): Promise<Outcome<R>> {
  try {
    return settleDone(run, begun, await run.write.send(begun.before))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return error.outcomeUnknown ? afterSilence(run, begun, error) : afterRefusal(run, begun, error)
  }
}

async function afterSilence<B, R>(run: Run<B, R>, begun: Begun<B>, error: GraphError): Promise<Outcome<R>> {
  const { ctx, write } = run
  const found = await lookUp(run, begun)
  const [traceId, said] = [error.fbtraceId ?? null, saidBy(error)]
  if (typeof found === 'object') return settleDone(run, begun, { createdId: found.createdId, traceId })
  const seconds = secondsToCertainty(begun.startedAt, ctx.clock())
  const problem = withSaid(whyOpen(found, write.key !== null, seconds) ?? outcomeUnknown, said)
  await settleFailed(run, { ...begun, said }, { outcome: 'UNKNOWN', problem, traceId }, false)
  return { problem }
}

async function afterRefusal<B, R>(run: Run<B, R>, begun: Begun<B>, error: GraphError): Promise<Outcome<R>> {
  const problem = toProblem(error)
  const failed = { outcome: 'REFUSED', problem, traceId: error.fbtraceId ?? null } as const
  const { key, frees = mayPass } = run.write
  await settleFailed(run, begun, failed, key === null || frees(problem))
  return { problem, error }
}

/** Refusals that say nothing of the write itself: the same key may be used again when their cause is gone. */
function mayPass({ code, retryable }: Problem): boolean {
  return retryable || code === 'TOKEN_INVALID' || code === 'NOT_PERMITTED'
}

async function lookUp<B, R>(
  { ctx, write }: Run<B, R>,
  { before, startedAt }: Begun<B>,
): Promise<LookUp | Invisible> {
  try {
    return write.lookUpOutcome ? await write.lookUpOutcome(before, startedAt) : 'invisible'
  } catch (error) {
    ctx.logger.warn({ err: error, verb: write.verb }, 'a write without an answer could not be looked up')
    return 'unknown'
  }
}
