import type { Ctx } from '../context.ts'
import type { Problem, Said } from '../errors/problem.ts'
import type { NewEvent } from '../events/event.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { withSaid } from '../problems.ts'
import type { LocalLock } from './lock.ts'
import { eventsOfDone, eventsOfFailure, type WriteName, type EventOfWrite } from './record.ts'
import { publish, type Outboxed } from './outbox.ts'
import { printSent, type Done, type Sent, type Write } from './write.ts'

export interface Run<Before, Refusal> {
  readonly ctx: Ctx
  readonly write: Write<Before, Refusal>
  readonly id: WriteId
  readonly input: string
  readonly lock: LocalLock
}

/** A write that is on record with what was known before it. */
export interface Begun<Before> {
  readonly before: Before
  readonly startedAt: number
  /** The app that began it. */
  readonly appId: string
  /** What Graph said when it was sent, of a write whose outcome is open. */
  readonly said?: Said
}

export const printBegun = ({ before, appId, said }: Begun<unknown>): string =>
  JSON.stringify({ before, appId, said })

/** As it was put on record, by this version or an older one. */
export function readBegun<Before>({ outcome, startedAt }: WriteRecord, ownAppId: string): Begun<Before> {
  const stored = JSON.parse(outcome ?? '{}') as Omit<Begun<Before>, 'startedAt' | 'appId'> & {
    appId?: string
  }
  return { appId: ownAppId, ...stored, startedAt }
}

/**
 * It is done, whatever the store says and whenever: a record that stays open is looked up by the next call. Its
 * events go on record with it, so that they are published although this process may die before it can say more.
 */
export function settleDone<B, R>(
  run: Run<B, R>,
  begun: Begun<B>,
  sent: Sent,
  event: EventOfWrite = run.write.publishes(sent.createdId),
): Done {
  const { ctx, write } = run
  const named = nameIn(run, begun)
  const events = eventsOfDone(ctx, named, sent, event)
  const left = settled(run, end(run, begun, { state: 'done', outcome: printSent(sent), events }))
  return {
    ...sent,
    repeated: false,
    publish: (read = {}) => {
      const about = { ...event.about, ...read.about }
      return publish(ctx, eventsOfDone(ctx, named, sent, { ...event, ...read, about }), left)
    },
    markUnknown: async (problem, after) => {
      const { traceId } = sent
      const said = { graphCode: null, graphSubcode: null, fbtraceId: traceId }
      const failures = eventsOfFailure(ctx, named, { outcome: 'UNKNOWN', problem, traceId, after })
      await left
      const open = write.key === null ? left : settled(run, reopen(run, { ...begun, said }, failures))
      await publish(ctx, failures, open)
      return withSaid(problem, said)
    },
  }
}

/** It was sent: a store that fails after that hides nothing of what came of it. Null when it has. */
function settled<B, R>(
  { ctx, write, lock }: Run<B, R>,
  settling: Promise<Outboxed>,
): Promise<Outboxed | null> {
  const left = settling.catch((error: unknown) => {
    ctx.logger.error({ err: error, verb: write.verb }, 'a write that was sent could not be settled')
    return null
  })
  lock.hold(left)
  return left
}

/** The same key looks again, and is not answered that it is done. Without a key, the object is free again. */
async function reopen<B, R>(
  { ctx, id }: Run<B, R>,
  begun: Begun<B>,
  events: readonly NewEvent[],
): Promise<Outboxed> {
  const { startedAt } = begun
  await ctx.writes.settle(id, startedAt, 'unknown', printBegun(begun), JSON.stringify(events))
  return { id, startedAt }
}

export interface Failed {
  readonly outcome: 'REFUSED' | 'UNKNOWN'
  readonly problem: Problem
  readonly traceId: string | null
}

/** A refusal is kept under its key where it says something of the write, and what is unknown stays open. */
export async function settleFailed<B, R>(
  run: Run<B, R>,
  begun: Begun<B>,
  failed: Failed,
  frees: boolean,
): Promise<void> {
  const isUnknown = failed.outcome === 'UNKNOWN'
  const state = isUnknown ? 'unknown' : 'refused'
  const outcome = isUnknown ? printBegun(begun) : JSON.stringify({ problem: failed.problem })
  const events = eventsOfFailure(run.ctx, nameIn(run, begun), failed)
  const left = settled(run, end(run, begun, { state: frees ? 'gone' : state, outcome, events }))
  await left
  await publish(run.ctx, events, left)
}

interface End {
  readonly state: 'done' | 'refused' | 'unknown' | 'gone'
  readonly outcome: string
  readonly events: readonly NewEvent[]
}

async function end<B, R>(
  { ctx, write, id }: Run<B, R>,
  { startedAt }: Begun<B>,
  { state, outcome, events }: End,
): Promise<Outboxed> {
  const unpublished = JSON.stringify(events)
  if (state === 'gone' || (write.key === null && state === 'done'))
    return { id: await ctx.writes.leave(id, startedAt, unpublished), startedAt }
  await ctx.writes.settle(id, startedAt, state, outcome, unpublished)
  return { id, startedAt }
}

const nameIn = <B, R>({ write, id }: Run<B, R>, { before, startedAt, appId }: Begun<B>): WriteName => ({
  write,
  id,
  startedAt,
  before,
  actingAppId: appId,
})
