import type { Ctx } from '../context.ts'
import type { Problem, Said } from '../errors/problem.ts'
import type { NewEvent } from '../events/event.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { withSaid } from '../problems.ts'
import type { Turn } from './exclusive.ts'
import { eventsOfDone, eventsOfFailure, type Named, type Telling } from './record.ts'
import { tell, type Left } from './tell.ts'
import type { Done, Sent, Write } from './write.ts'

export interface Run<Before, Refusal> {
  readonly ctx: Ctx
  readonly write: Write<Before, Refusal>
  readonly id: WriteId
  readonly input: string
  readonly turn: Turn
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
 * It is done, whatever the store says and whenever: a record that stays open is looked up by the next call. What is to be
 * told goes on record with it, so that it is told although this process may die before it can say more.
 */
export function settleDone<B, R>(
  run: Run<B, R>,
  begun: Begun<B>,
  sent: Sent,
  telling: Telling = run.write.tells(sent.made),
): Done {
  const { ctx, write } = run
  const named = nameIn(run, begun)
  const events = eventsOfDone(ctx, named, sent, telling)
  const left = settled(run, end(run, begun, { state: 'done', outcome: JSON.stringify(sent), events }))
  return {
    ...sent,
    repeated: false,
    tell: (read = {}) => {
      const about = { ...telling.about, ...read.about }
      return tell(ctx, eventsOfDone(ctx, named, sent, { ...telling, ...read, about }), left)
    },
    doubt: async (problem, after) => {
      const { traceId } = sent
      const said = { graphCode: null, graphSubcode: null, fbtraceId: traceId }
      const doubts = eventsOfFailure(ctx, named, { outcome: 'UNKNOWN', problem, traceId, after })
      await left
      const open = write.key === null ? left : settled(run, reopen(run, { ...begun, said }, doubts))
      await tell(ctx, doubts, open)
      return withSaid(problem, said)
    },
  }
}

/** It was sent: a store that fails after that hides nothing of what came of it. Null when it has. */
function settled<B, R>({ ctx, write, turn }: Run<B, R>, settling: Promise<Left>): Promise<Left | null> {
  const left = settling.catch((error: unknown) => {
    ctx.logger.error({ err: error, verb: write.verb }, 'a write that was sent could not be settled')
    return null
  })
  turn.hold(left)
  return left
}

/** The same key looks again, and is not told that it is done. Without a key, the object is free again. */
async function reopen<B, R>(
  { ctx, id }: Run<B, R>,
  begun: Begun<B>,
  events: readonly NewEvent[],
): Promise<Left> {
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
  await tell(run.ctx, events, left)
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
): Promise<Left> {
  const untold = JSON.stringify(events)
  if (state === 'gone' || (write.key === null && state === 'done'))
    return { id: await ctx.writes.leave(id, startedAt, untold), startedAt }
  await ctx.writes.settle(id, startedAt, state, outcome, untold)
  return { id, startedAt }
}

const nameIn = <B, R>({ write, id }: Run<B, R>, { before, startedAt, appId }: Begun<B>): Named => ({
  write,
  id,
  startedAt,
  before,
  actingAppId: appId,
})
