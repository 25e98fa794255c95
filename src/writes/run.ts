import { setTimeout as pause } from 'node:timers/promises'
import type { Ctx } from '../context.ts'
import type { Problem } from '../errors.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { GraphError } from '../graph/error.ts'
import { toProblem } from '../problems.ts'
import { exclusively, type Turn } from './exclusive.ts'
import { judge, secondsToCertainty, sendWithinMs } from './judge.ts'
import { conflict, outcomeUnknown, stillRunning, tooSlow, whyOpen } from './problems.ts'
import { recordDone, recordFailure } from './record.ts'
import { digestOf, idOf, type Found, type Invisible, type Outcome, type Sent, type Write } from './write.ts'

const pollMs = 100
const pollsAtMost = 300

interface Run<Before, Refusal> {
  readonly ctx: Ctx
  readonly write: Write<Before, Refusal>
  readonly id: WriteId
  readonly input: string
  readonly turn: Turn
}

/** A write that is on record with what was known before it. */
interface Begun<Before> {
  readonly before: Before
  readonly startedAt: number
}

/**
 * Runs a write once. With a key, the same call again gives the first outcome, from any instance and after a crash, and
 * another input is a CONFLICT. Without one, the object stands for the key as long as the outcome is open. What Graph
 * refuses and what stays unknown is recorded here; what was done is for the verb to tell, once it has read it back.
 */
export function runWrite<Before, Refusal>(
  ctx: Ctx,
  write: Write<Before, Refusal>,
): Promise<Outcome<Refusal>> {
  const id = idOf(write)
  const input = digestOf(write.input)
  return exclusively(ctx.writes, id, (turn) => decide({ ctx, write, id, input, turn }))
}

async function decide<B, R>(run: Run<B, R>): Promise<Outcome<R>> {
  const { ctx, write, id, input } = run
  for (let poll = 0; poll < pollsAtMost; poll++) {
    const startedAt = ctx.clock()
    const known = await ctx.writes.begin(id, input, startedAt)
    if (!known) return first(run, startedAt, run.turn.waited || poll > 0)
    if (known.input !== input && write.key !== null) return { problem: conflict }
    const outcome = await meet(run, known)
    if (outcome) return outcome
  }
  return { problem: stillRunning }
}

/** What a write that is on record makes of this one; null when it is worth another try to begin. */
async function meet<B, R>(run: Run<B, R>, known: WriteRecord): Promise<Outcome<R> | null> {
  const { ctx, id } = run
  switch (judge(known, ctx.clock())) {
    case 'answer':
      return answer(known)
    case 'wait':
      await pause(pollMs)
      return null
    case 'begin-again':
      await ctx.writes.forget(id, known.startedAt)
      return null
    case 'look':
      return look(run, known)
  }
}

function answer({ outcome }: WriteRecord): Outcome {
  const stored = JSON.parse(outcome ?? '{}') as Sent | { problem: Problem }
  return 'problem' in stored ? stored : { ...stored, repeated: true }
}

/** Null when the one on record is settled and asked for something else, or did not happen. */
async function look<B, R>(run: Run<B, R>, known: WriteRecord): Promise<Outcome<R> | null> {
  const { ctx, write, id, input } = run
  const { startedAt } = known
  const { before } = JSON.parse(known.outcome ?? '{}') as { before: B }
  const found = await find(run, { before, startedAt })
  if (typeof found === 'object') {
    const sent = { made: found.made, traceId: null }
    settleDone(run, startedAt, sent)
    if (known.input === input) return { ...sent, repeated: false }
    // Its own caller has gone, so nobody else tells of it.
    await recordDone(ctx, write, { kind: 'OTHER', sent, before, after: null })
    return null
  }
  const problem = whyOpen(found, write.key !== null, secondsToCertainty(startedAt, ctx.clock()))
  if (problem) return { problem }
  ctx.logger.warn({ verb: write.verb, object: write.object, found }, 'a write without an answer is given up')
  await ctx.writes.forget(id, startedAt)
  return null
}

async function first<B, R>(run: Run<B, R>, startedAt: number, waited: boolean): Promise<Outcome<R>> {
  const { ctx, id } = run
  const prepared = await prepare(run, startedAt, waited)
  if ('refused' in prepared || ctx.clock() - startedAt > sendWithinMs) {
    await ctx.writes.forget(id, startedAt)
    return 'refused' in prepared ? prepared : { problem: tooSlow }
  }
  const begun = { before: prepared.before, startedAt }
  const isOurs = await ctx.writes.settle(id, startedAt, 'pending', printBefore(begun))
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
    const sent = await run.write.send(begun.before)
    settleDone(run, begun.startedAt, sent)
    return { ...sent, repeated: false }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return error.outcomeUnknown ? afterSilence(run, begun, error) : afterRefusal(run, begun, error)
  }
}

async function afterSilence<B, R>(run: Run<B, R>, begun: Begun<B>, error: GraphError): Promise<Outcome<R>> {
  const { ctx, write, id } = run
  const { before, startedAt } = begun
  const found = await find(run, begun)
  if (typeof found === 'object') {
    const sent = { made: found.made, traceId: error.fbtraceId ?? null }
    settleDone(run, startedAt, sent)
    return { ...sent, repeated: false }
  }
  const seconds = secondsToCertainty(startedAt, ctx.clock())
  const problem = whyOpen(found, write.key !== null, seconds) ?? outcomeUnknown
  await ctx.writes.settle(id, startedAt, 'unknown', printBefore(begun))
  await recordFailure(ctx, write, { outcome: 'UNKNOWN', before, problem, error })
  return { problem }
}

async function afterRefusal<B, R>(
  { ctx, write, id }: Run<B, R>,
  { before, startedAt }: Begun<B>,
  error: GraphError,
): Promise<Outcome<R>> {
  const problem = toProblem(error)
  if (write.key === null || mayPass(problem)) await ctx.writes.forget(id, startedAt)
  else await ctx.writes.settle(id, startedAt, 'refused', JSON.stringify({ problem }))
  await recordFailure(ctx, write, { outcome: 'REFUSED', before, problem, error })
  return { problem, error }
}

/** Refusals that say nothing of the write itself: the same key may be used again when their cause is gone. */
function mayPass({ code, retryable }: Problem): boolean {
  return retryable || code === 'TOKEN_INVALID' || code === 'NOT_PERMITTED'
}

/** It is done, whatever the store says and whenever: a record that stays open is looked up by the next call. */
function settleDone<B, R>({ ctx, write, id, turn }: Run<B, R>, startedAt: number, sent: Sent): void {
  const settled =
    write.key === null
      ? ctx.writes.forget(id, startedAt)
      : ctx.writes.settle(id, startedAt, 'done', JSON.stringify(sent))
  const told = settled.catch((error: unknown) =>
    ctx.logger.error({ err: error, verb: write.verb }, 'a write that is done could not be settled'),
  )
  turn.hold(told)
}

async function find<B, R>(
  { ctx, write }: Run<B, R>,
  { before, startedAt }: Begun<B>,
): Promise<Found | Invisible> {
  try {
    return write.find ? await write.find(before, startedAt) : 'invisible'
  } catch (error) {
    ctx.logger.warn({ err: error, verb: write.verb }, 'a write without an answer could not be looked up')
    return 'unknown'
  }
}

const printBefore = ({ before }: Begun<unknown>): string => JSON.stringify({ before })
