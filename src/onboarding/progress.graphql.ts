import { stoppable } from '../events/stoppable.ts'
import { findAccount } from '../accounts/account.ts'
import { builder } from '../graphql/builder.ts'
import { EventSourceEnum } from '../feed/event.graphql.ts'
import { Onboarding } from './onboarding.graphql.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { readOptionalId, readView, refuse } from '../graphql/refuse.ts'
import { keptPosition, placed } from '../feed/subscriptions.graphql.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppConfig } from '../config/config.ts'
import { appIdsOf, type Ctx } from '../context.ts'
import type { EventSource, StoredEvent } from '../events/event.ts'
import { followPages } from '../events/follow.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import type { Blocker } from './blockers/blockers.ts'
import { Checklist } from './checklist/checklist.ts'
import type { Step } from './checklist/step.ts'

export interface OnboardingProgress {
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
): AsyncGenerator<OnboardingProgress, void, void> {
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

/** While Graph is down the stream waits, because a checklist with failed reads would change again in a moment. */
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

const ClientWabaProgress = builder.objectRef<OnboardingProgress>('ClientWabaOnboardingProgress').implement({
  description: 'The checklist of an account, at the start or after a change.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the event log: pass it as `after` to go on from here.',
      resolve: ({ seq }, _, ctx) => ctx.log.cursors.encode(seq),
    }),
    initial: t.exposeBoolean('initial', {
      description: 'True for the first item: the checklist at the start of the subscription.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'Time of the event that made the gateway look; of the look itself when `initial`.',
    }),
    source: t.expose('source', {
      type: EventSourceEnum,
      description: 'Source of that event; GATEWAY when `initial`.',
    }),
    onboarding: t.expose('checklist', {
      type: Onboarding,
      nullable: true,
      description:
        'The checklist as it is now. Null only beside an error that says why it could not be read.',
    }),
    clientWaba: t.expose('clientWaba', { type: ClientWaba, description: 'The account.' }),
  }),
})

builder.subscriptionField('clientWabaOnboardingProgress', (t) =>
  t.field({
    type: ClientWabaProgress,
    description:
      'The checklist of one account now, then after each event that changed it: whoever did it, through this gateway ' +
      'or not. While Graph is down the stream waits.',
    args: {
      wabaId: t.arg.id({ required: true, description: 'The account: global id or WABA id.' }),
      appId: t.arg.id({
        description: 'As this app sees it; may be left out when one configured app sees the account.',
      }),
      after: t.arg.string({
        description:
          'Cursor behind which to go on; from now when left out. With it there is no initial item.',
      }),
    },
    subscribe: async (_, { wabaId, appId, after }, ctx) => {
      const view = readView(ctx, 'ClientWaba', 'wabaId', wabaId)
      const named = readOptionalId('App', 'appId', appId)
      if (named !== null && view.appId !== null && named !== view.appId)
        throw refuse('INVALID_INPUT', 'wabaId: it names another app than `appId`.')
      const account = await findAccount(ctx, { wabaId: view.id, appId: named ?? view.appId })
      if ('type' in account) throw refuse(account.code, account.message)
      const position = await keptPosition(ctx, after)
      const wanted = { app: account.app, wabaId: account.wabaId, ...position }
      return stoppable(ctx.draining, (signal) =>
        placed(ctx, followProgress(ctx, wanted, signal), ({ seq }) => seq),
      )
    },
    resolve: (progress: OnboardingProgress) => progress,
  }),
)
