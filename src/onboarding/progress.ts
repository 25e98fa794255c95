import { setTimeout as sleep } from 'node:timers/promises'
import type { AppConfig } from '../config/config.ts'
import { appIdsOf, type Ctx } from '../context.ts'
import type { EventSource, StoredEvent } from '../events/event.ts'
import { followPages } from '../events/follow.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import type { Blocker } from './blockers/blockers.ts'
import { Checklist } from './checklist/checklist.ts'
import type { Step } from './checklist/step.ts'

export interface Progress {
  readonly seq: number
  readonly initial: boolean
  readonly occurredAt: number
  readonly source: EventSource
  readonly clientWaba: NodeHandle<'ClientWaba'>
  readonly checklist: Checklist
}

export interface ProgressSubscription {
  readonly app: AppConfig
  readonly wabaId: string
  /** Position behind which events count. */
  readonly from: number
  /** True when the reader goes on from an earlier item: then the checklist at the start is not sent. */
  readonly resumed: boolean
}

/**
 * The checklist now, and again whenever an event of the account has changed it. An event is only the reason to look;
 * several that came together cost one look.
 */
export async function* followProgress(
  ctx: Ctx,
  { app, wabaId, from, resumed }: ProgressSubscription,
  signal: AbortSignal,
): AsyncGenerator<Progress, void, void> {
  let sent = ''
  if (!resumed) {
    const look = await lookUntilTold(ctx, app, wabaId, () => ctx.reads.renew(), signal)
    if (!look) return
    sent = look.told
    yield { seq: from, initial: true, occurredAt: ctx.clock(), source: 'GATEWAY', ...look.shown }
  }
  for await (const events of followPages(ctx.log, from, { appIds: appIdsOf(ctx), wabaId }, signal)) {
    const { seq, occurredAt, source } = events.at(-1) as StoredEvent
    const share = (): void => ctx.reads.join(ctx.eventReads.of(seq))
    const look = await lookUntilTold(ctx, app, wabaId, share, signal)
    if (!look) return
    if (look.told === sent) continue
    sent = look.told
    yield { seq, initial: false, occurredAt, source, ...look.shown }
  }
}

const [shortestWaitMs, longestWaitMs] = [500, 15_000]

/** While Graph is down the stream waits: a checklist that will be another one in a moment tells nothing. */
async function lookUntilTold(
  ctx: Ctx,
  app: AppConfig,
  wabaId: string,
  prepare: () => void,
  signal: AbortSignal,
) {
  for (let waitMs = shortestWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    prepare()
    const clientWaba = NodeHandle.unread('ClientWaba', wabaId, { app })
    const checklist = new Checklist(ctx, clientWaba)
    const steps = await checklist.steps()
    if (!steps.some(({ failure }) => failure)) {
      const blockers = await checklist.blockers()
      const told = JSON.stringify([steps.map(toTold), blockers.map(toldOf)])
      return { told, shown: { clientWaba, checklist } }
    }
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => {})
  }
  return null
}

const toldOf = ({ code, message, blocksSending, waitsFor }: Blocker) => [
  code,
  message,
  blocksSending,
  waitsFor,
]
const toTold = ({ kind, state, reason, at }: Step) => [kind, state, reason, at]
