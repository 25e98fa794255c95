import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { GraphError } from '../graph/error.ts'
import { saidBy, toProblem, withSaid } from '../problems.ts'
import { publishedAs } from './audit.ts'
import { withLocalLock } from './lock.ts'
import { conflict, ofNewerRelease, outcomeUnknown, stillRunning, tooSlow, whyOpen } from './problems.ts'
import {
  ageOf,
  decideNow,
  idOf,
  inputOf,
  pollMs,
  pollsAtMost,
  printBegun,
  printSent,
  readBegun,
  readEnded,
  secondsToCertainty,
  sendWithinMs,
  type BegunWrite,
  type OwnAttempt,
} from './record.ts'
import { publishLeftOn, settleDone, settleFailed, type WriteRun } from './settle.ts'
import type { DoneWrite, LookUp, SentWrite, Write, WriteOnRecord } from './write.ts'

type Outcome<A, R> = DoneWrite<A> | R | Problem

/**
 * Runs a write once. With a key, the same call again gives the first outcome, from any instance and after a crash, and
 * another input is a CONFLICT. Without one, the object stands for the key as long as the outcome is open. What is done is
 * read back, and whatever came of it is published.
 */
export function runWrite<State, After = State, Refusal = Problem, Before = State>(
  ctx: Ctx,
  write: Write<State, After, Refusal, Before>,
): Promise<Outcome<After, Refusal>> {
  // What it reads, before and after, may use what is kept for changes: whoever asks, and not only a mutation.
  ctx.cost.priority = 'change'
  const id = idOf(write)
  const input = inputOf(write)
  return withLocalLock(ctx.writes, id, (lock) => begin({ ctx, write, id, input, lock }))
}

async function begin<S, A, R, B>(run: WriteRun<S, A, R, B>): Promise<Outcome<A, R>> {
  const { ctx, write, id, input } = run
  for (let poll = 0; poll < pollsAtMost; poll++) {
    const elapsedMs = ctx.time.measure()
    const answer = await ctx.writes.begin(id, input, { object: write.object, holder: ctx.instance.id })
    if ('begun' in answer) {
      const isAnew = run.lock.waited || poll > 0 || answer.isAfterOther
      return first(run, { ...answer.begun, elapsedMs }, isAnew)
    }
    const { known } = answer
    if (!isSame(known.id, id)) {
      await waitForOther(ctx, known, poll)
      continue
    }
    if (known.input !== input && write.key !== null) return conflict
    const outcome = await resume(run, known, poll)
    if (outcome) return outcome
  }
  return stillRunning
}

const isSame = (one: WriteId, other: WriteId): boolean => one.appId === other.appId && one.key === other.key

/** Another write on the object comes first; one whose process is dead stays open under its own key. */
async function waitForOther(ctx: Ctx, other: WriteRecord, looks: number): Promise<void> {
  const { writes, time } = ctx
  const { id, token, outcome } = other
  // One that only seems dead may yet send what it has on record: it has its whole time.
  switch (await decideNow(ctx, other, outcome === null ? looks : null)) {
    case 'wait':
    case 'leave':
      return time.pause(pollMs)
    case 'begin-again':
      return writes.forgetUnsent(id, token)
    case 'look-up':
    case 'answer':
      await writes.leaveOpen(id, token)
  }
}

/** What a write that is on record makes of this one; null when it is worth another try to begin. */
async function resume<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  known: WriteRecord,
  looks: number,
): Promise<Outcome<A, R> | null> {
  const { ctx, id } = run
  switch (await decideNow(ctx, known, looks)) {
    case 'answer':
      return repeat(run, known)
    case 'wait':
      await ctx.time.pause(pollMs)
      return null
    case 'begin-again':
      // What was read may be old by now, when this process was paused.
      await ctx.writes.forgetUnsent(id, known.token)
      return null
    case 'look-up':
      return lookUpOutcome(run, known)
    case 'leave':
      return ofNewerRelease
  }
}

/** The first outcome. What has become of it since is another matter. */
async function repeat<S, A, R, B>(run: WriteRun<S, A, R, B>, record: WriteRecord): Promise<Outcome<A, R>> {
  const ended = readEnded(record)
  if ('type' in ended) {
    await publishLeftOn(run, record)
    return ended
  }
  const { createdId } = ended
  const { after } = await readBack(run, createdId, null)
  await publishLeftOn(run, record, ended, run.write.publishes(createdId, after))
  return { ...ended, repeated: true, after }
}

/** Null when the one on record is settled and asked for something else, or did not happen. */
async function lookUpOutcome<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  known: WriteRecord,
): Promise<Outcome<A, R> | null> {
  const { ctx, write, id, input } = run
  const begun = readBegun<B>(known, write.app.appId)
  // The look counts for the age before it, however long this process may be paused in it.
  const ageMs = ageOf(ctx, known)
  const found = await lookUp(run, begun)
  if (typeof found === 'object') {
    const sent = { createdId: found.createdId, traceId: null }
    if (known.input === input) return finish(run, begun, sent)
    // Its own caller has gone, so nobody else publishes it.
    const event = { kind: 'OTHER' } as const
    await settleDone(run, begun, sent, event).publish(event)
    return null
  }
  const problem = whyOpen(found, write.key !== null, secondsToCertainty(ageMs))
  if (problem) return withSaid(problem, begun.said)
  ctx.logger.warn({ verb: write.verb, object: write.object, found }, 'a write without an answer is given up')
  await ctx.writes.forget(id, known.token)
  return null
}

async function first<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  attempt: OwnAttempt,
  anew: boolean,
): Promise<Outcome<A, R>> {
  const { ctx, write, id } = run
  const { token } = attempt
  const prepared = await prepare(run, token, anew)
  if ('already' in prepared) return already(run, token, prepared)
  if ('refused' in prepared) {
    await ctx.writes.forget(id, token)
    return prepared.refused
  }
  const begun = { ...attempt, before: prepared.before, appId: write.app.appId }
  // By the store's clock, which may have gone on while this process was paused; and by the own one up to the first byte.
  if (await ctx.writes.markSending(id, token, printBegun(begun), sendWithinMs)) return send(run, begun)
  return (await ctx.writes.forget(id, token)) ? tooSlow : stillRunning
}

interface Already<S> {
  readonly already: string
  readonly state: S
}

type Prepared<S, R, B> = { readonly before: B } | { readonly refused: R } | Already<S>

async function prepare<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  token: string,
  anew: boolean,
): Promise<Prepared<S, R, B>> {
  try {
    return await check(run, anew)
  } catch (error) {
    await run.ctx.writes.forget(run.id, token)
    throw error
  }
}

async function check<S, A, R, B>(
  { ctx, write }: WriteRun<S, A, R, B>,
  anew: boolean,
): Promise<Prepared<S, R, B>> {
  const impossible = write.check?.() ?? null
  if (impossible !== null) return { refused: impossible }
  if (anew) ctx.reads.renew()
  const [state] = await Promise.all([write.readState(anew), write.prepareSend?.()])
  const found = await write.outcomeIn?.(state, null)
  if (typeof found === 'object') return { already: found.createdId, state }
  const refused = (await write.refuse?.(state)) ?? null
  if (refused !== null) return { refused }
  return { before: write.record ? await write.record(state) : (state as unknown as B) }
}

/** It is as it should be, and nothing is sent; under a key also not when that has changed. */
async function already<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  token: string,
  { already: createdId, state }: Already<S>,
): Promise<DoneWrite<A>> {
  const { ctx, write, id } = run
  const sent = { createdId, traceId: null }
  if (write.key === null) await ctx.writes.forget(id, token)
  else await ctx.writes.settle(id, token, 'done', printSent(sent))
  const after = write.readBack ? await write.readBack(createdId) : (state as unknown as A)
  return { ...sent, repeated: false, after }
}

async function send<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  begun: BegunWrite<B> & OwnAttempt,
): Promise<Outcome<A, R>> {
  const mayLeave = (): boolean => begun.elapsedMs() <= sendWithinMs
  let sent: SentWrite
  try {
    sent = await run.write.send(begun.before, { mayLeave })
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return error.outcomeUnknown ? afterSilence(run, begun, error) : afterRefusal(run, begun, error)
  }
  return finish(run, begun, sent)
}

/** Graph has done it: it is settled, read back and published. */
async function finish<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  begun: BegunWrite<B>,
  sent: SentWrite,
): Promise<DoneWrite<A> | Problem> {
  const { publishes } = run.write
  const { createdId } = sent
  const settled = settleDone(run, begun, sent, publishes(createdId, null))
  const { after, isShown } = await readBack(run, createdId, begun)
  const event = publishes(createdId, after)
  // Graph said nothing against it, and yet nothing has changed.
  if (!isShown) return settled.markUnknown(event.after)
  await settled.publish(event)
  return { ...sent, repeated: false, after }
}

/** What was done has happened, whether it can be read or not. */
async function readBack<S, A, R, B>(
  { ctx, write, id }: WriteRun<S, A, R, B>,
  createdId: string,
  begun: BegunWrite<B> | null,
): Promise<{ readonly after: A | null; readonly isShown: boolean }> {
  ctx.reads.renew()
  try {
    if (write.readBack) return { after: await write.readBack(createdId), isShown: true }
    const state = await write.readState(true)
    const found = begun && (await write.outcomeIn?.(state, onRecord(id, begun)))
    return { after: state as unknown as A, isShown: found !== 'not-made' }
  } catch (error) {
    ctx.logger.warn({ err: error, verb: write.verb }, 'what was written could not be read back')
    return { after: null, isShown: true }
  }
}

async function afterSilence<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  begun: BegunWrite<B> & OwnAttempt,
  error: GraphError,
): Promise<Outcome<A, R>> {
  const { write } = run
  const found = await lookUp(run, begun)
  const [traceId, said] = [error.fbtraceId ?? null, saidBy(error)]
  if (typeof found === 'object') return finish(run, begun, { createdId: found.createdId, traceId })
  const seconds = secondsToCertainty(begun.elapsedMs())
  const problem = withSaid(whyOpen(found, write.key !== null, seconds) ?? outcomeUnknown, said)
  const isOurs = await settleFailed(run, { ...begun, said }, { outcome: 'UNKNOWN', problem, traceId }, false)
  return isOurs ? problem : stillRunning
}

async function afterRefusal<S, A, R, B>(
  run: WriteRun<S, A, R, B>,
  begun: BegunWrite<B>,
  error: GraphError,
): Promise<Outcome<A, R>> {
  const traceId = error.fbtraceId ?? null
  // What Graph refuses because it is so already, and shows to be so, is done.
  const found = error.isDone ? await lookUp(run, begun) : 'not-made'
  if (typeof found === 'object') return finish(run, begun, { createdId: found.createdId, traceId })
  const problem = toProblem(error)
  const { key, frees = mayPass } = run.write
  const isFree = key === null || frees(problem)
  const isOurs = await settleFailed(run, begun, { outcome: 'REFUSED', problem, traceId }, isFree)
  return isOurs ? problem : stillRunning
}

/** Refusals that say nothing of the write itself: the same key may be used again when their cause is gone. */
function mayPass({ code, retryable }: Problem): boolean {
  return retryable || code === 'TOKEN_INVALID' || code === 'NOT_PERMITTED'
}

async function lookUp<S, A, R, B>(
  { ctx, write, id }: WriteRun<S, A, R, B>,
  begun: BegunWrite<B>,
): Promise<LookUp> {
  if (!write.outcomeIn) return 'invisible'
  try {
    ctx.reads.renew()
    return await write.outcomeIn(await write.readState(true), onRecord(id, begun))
  } catch (error) {
    ctx.logger.warn({ err: error, verb: write.verb }, 'a write without an answer could not be looked up')
    return 'unknown'
  }
}

const onRecord = <B>(id: WriteId, begun: BegunWrite<B>): WriteOnRecord<B> => ({
  ...begun,
  publishedAs: publishedAs({ id, token: begun.token }),
})

/** What a state says of a write that it shows for certain. */
export const madeIf = (isMade: boolean, createdId: string): LookUp => (isMade ? { createdId } : 'not-made')
