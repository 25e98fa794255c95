import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { NewEvent } from '../events/event.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import { untilItWorks } from '../lib/pause.ts'
import { withSaid } from '../problems.ts'
import { eventsOfDone, eventsOfFailure, readAudit, type WriteFailure, type WriteName } from './audit.ts'
import type { LocalLock } from './lock.ts'
import { unchanged } from './problems.ts'
import { printBegun, printSent, type BegunWrite } from './record.ts'
import type { EventOfWrite, SentWrite, Write } from './write.ts'

/** One call of `runWrite`. */
export interface WriteRun<State, After, Refusal, Before> {
  readonly ctx: Ctx
  readonly write: Write<State, After, Refusal, Before>
  readonly id: WriteId
  readonly input: string
  readonly lock: LocalLock
}

type AnyRun<Before> = Pick<WriteRun<never, never, never, Before>, 'ctx' | 'id' | 'lock'> & {
  readonly write: WriteName['write'] & { readonly key: string | null }
}

/** A write that Graph has done and that is not published yet. */
interface Settled {
  /** Publishes it to all who take part. */
  publish(event: EventOfWrite): Promise<void>
  /**
   * Graph said that it is done, and what was read back does not show it: published as unknown, and so it stays under its
   * key.
   */
  markUnknown(after: unknown): Promise<Problem>
}

/**
 * It is done, whatever the store says and whenever: a record that stays open is looked up by the next call. Its events go
 * on record with it, so that they are published although this process may die before it can say more.
 */
export function settleDone<B>(
  run: AnyRun<B>,
  begun: BegunWrite<B>,
  sent: SentWrite,
  unread: EventOfWrite,
): Settled {
  const { ctx, write } = run
  const name = nameIn(run, begun)
  const events = eventsOfDone(ctx, name, sent, unread)
  const left = settling(run, () => end(run, begun, { state: 'done', outcome: printSent(sent), events }))
  return {
    publish: (event) => publish(ctx, eventsOfDone(ctx, name, sent, event), left),
    markUnknown: async (after) => {
      const { traceId } = sent
      const said = { graphCode: null, graphSubcode: null, fbtraceId: traceId }
      const failures = eventsOfFailure(ctx, name, { outcome: 'UNKNOWN', problem: unchanged, traceId, after })
      await left
      const open = write.key === null ? left : settling(run, () => reopen(run, { ...begun, said }, failures))
      await publish(ctx, failures, open)
      return withSaid(unchanged, said)
    },
  }
}

/**
 * A refusal is kept under its key where it says something of the write, and what is unknown stays open. False when another
 * attempt has taken the place of this one, and has an outcome of its own.
 */
export async function settleFailed<B>(
  run: AnyRun<B>,
  begun: BegunWrite<B>,
  failure: WriteFailure,
  frees: boolean,
): Promise<boolean> {
  const isUnknown = failure.outcome === 'UNKNOWN'
  const state = isUnknown ? 'unknown' : 'refused'
  const outcome = isUnknown ? printBegun(begun) : JSON.stringify({ problem: failure.problem })
  const events = eventsOfFailure(run.ctx, nameIn(run, begun), failure)
  const left = settling(run, () => end(run, begun, { state: frees ? 'gone' : state, outcome, events }))
  const outboxed = await left
  await publish(run.ctx, events, left)
  return outboxed?.isOurs !== false
}

/**
 * It was sent: a store that fails after that hides nothing of what came of it, and gets it when it is back. Null when it has
 * failed.
 */
function settling<B>(
  { ctx, write, lock }: AnyRun<B>,
  store: () => Promise<Outboxed>,
): Promise<Outboxed | null> {
  const left = store().catch((error: unknown) => {
    ctx.logger.error({ err: error, verb: write.verb }, 'a write that was sent could not be settled')
    void untilItWorks(store)
    return null
  })
  lock.hold(left)
  return left
}

/** The same key looks again, and is not answered that it is done. Without a key, the object is free again. */
async function reopen<B>(
  { ctx, id }: AnyRun<B>,
  begun: BegunWrite<B>,
  events: readonly NewEvent[],
): Promise<Outboxed> {
  const { token } = begun
  await ctx.writes.reopen(id, token, printBegun(begun), JSON.stringify(events))
  return { id, token }
}

interface End {
  readonly state: 'done' | 'refused' | 'unknown' | 'gone'
  readonly outcome: string
  readonly events: readonly NewEvent[]
}

async function end<B>(
  { ctx, write, id }: AnyRun<B>,
  { token }: BegunWrite<B>,
  { state, outcome, events }: End,
): Promise<Outboxed> {
  const unpublished = JSON.stringify(events)
  if (state === 'gone' || (write.key === null && state === 'done'))
    return { id: await ctx.writes.leave(id, token, unpublished), token }
  const isOurs = await ctx.writes.settle(id, token, state, outcome, unpublished)
  return { id, token, isOurs }
}

const nameIn = <B>({ write, id }: AnyRun<B>, { before, token, appId }: BegunWrite<B>): WriteName => ({
  write,
  id,
  token,
  before,
  actingAppId: appId,
})

/** A record with events that are not in the log yet. */
export interface Outboxed {
  readonly id: WriteId
  readonly token: string
  /** False when another attempt stands under the key. */
  readonly isOurs?: boolean
}

type Stores = Pick<Ctx, 'log' | 'writes' | 'logger'>

/**
 * Puts the events of a write into the log, and then takes them off its record. The write has happened: a store that cannot
 * take them now is logged, does not turn success into failure, and gets them when it is back.
 */
export async function publish(
  ctx: Stores,
  events: readonly NewEvent[],
  outboxed: Promise<Outboxed | null>,
): Promise<void> {
  try {
    await ctx.log.append(events)
  } catch (error) {
    ctx.logger.error({ err: error }, 'a write could not be recorded')
    void publishLater(ctx, events, outboxed)
    return
  }
  void markPublished(ctx, outboxed)
}

/** Until the log has them, other instances show what was before. After a minute the outbox goes on. */
async function publishLater(
  ctx: Stores,
  events: readonly NewEvent[],
  outboxed: Promise<Outboxed | null>,
): Promise<void> {
  if (await untilItWorks(() => ctx.log.append(events))) await markPublished(ctx, outboxed)
}

/**
 * Whoever is given an outcome, and asks any instance afterwards, finds what has become of it: events that are still on its
 * record, since its process reads back or has died, go into the log before. They stay on the record, so that whoever did
 * it, or the outbox, goes on with what else belongs to them.
 */
export async function publishLeftOn<B>(
  { ctx, write }: AnyRun<B>,
  { id, token, unpublished }: WriteRecord,
  sent?: SentWrite,
  said?: EventOfWrite,
): Promise<void> {
  if (unpublished === undefined) return
  const left = JSON.parse(unpublished) as readonly NewEvent[]
  const audit = readAudit(left[0]?.payload ?? 'null')
  const name = audit && { write, id, token, before: audit.before, actingAppId: audit.actingAppId }
  const events = name && sent && said ? eventsOfDone(ctx, name, sent, said) : left
  await ctx.log.append(events).catch((error: unknown) => {
    ctx.logger.error({ err: error }, 'events of an earlier write could not be recorded')
  })
}

/** Nobody waits for it: events that stay on the record are published again, and that stores nothing. */
async function markPublished({ writes, logger }: Stores, outboxed: Promise<Outboxed | null>): Promise<void> {
  try {
    const record = await outboxed
    if (record) await writes.markPublished(record.id, record.token)
  } catch (error) {
    logger.warn({ err: error }, 'events of a write are published and still on its record')
  }
}
