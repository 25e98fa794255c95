import { trackingCodeOf } from '../alerts/account-facts.ts'
import type { Ctx } from '../context.ts'
import { EventsGone } from '../events/follow.ts'
import { CursorExpired, positionOf } from '../events/page.ts'
import { stoppable } from '../events/stoppable.ts'
import { followStatus, type StatusChange } from '../solutions/follow-status.ts'
import { followOnboarding, type OnboardingChange } from '../accounts/follow-onboarding.ts'
import { builder } from '../graphql/builder.ts'
import { appIdsIn, EventFilterInput, readFilter } from './queries.graphql.ts'
import { EventSourceEnum, sentIn } from './event.graphql.ts'
import { solutionOf } from './event-types.graphql.ts'
import { EventStream, EventStreamItem, type StreamItem } from './stream-item.graphql.ts'
import { ClientWaba, Solution } from '../graphql/refs.ts'
import { readView } from '../graphql/refuse.ts'
import { selectedBelow } from '../graphql/selection.ts'
import { SolutionStatusEnum } from '../solutions/solution.graphql.ts'

const SolutionStatusChange = builder.objectRef<StatusChange>('SolutionStatusChange').implement({
  description: 'The status of a solution, at the start or after a change.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the event log: pass it as `after` to go on from here.',
      resolve: ({ seq }, _, ctx) => ctx.log.cursors.encode(seq),
    }),
    initial: t.exposeBoolean('initial', {
      description: 'True for the first item: the state at the start of the subscription.',
    }),
    status: t.expose('status', {
      type: SolutionStatusEnum,
      description: 'The status now, as read from Graph.',
    }),
    previousStatus: t.expose('previousStatus', {
      type: SolutionStatusEnum,
      nullable: true,
      description: 'What this subscription sent of the solution before; null for its first item.',
    }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description: 'Time of the event that made the gateway look; of the look itself when `initial`.',
    }),
    source: t.expose('source', {
      type: EventSourceEnum,
      description: 'Source of that event; GATEWAY when `initial`.',
    }),
    solution: t.expose('solution', { type: Solution, description: 'The solution as it is now.' }),
  }),
})

const ClientWabaOnboarding = builder.objectRef<OnboardingChange>('ClientWabaOnboarding').implement({
  description: 'A customer account that has just been shared.',
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the event log: pass it as `after` to go on from here.',
      resolve: ({ event }, _, ctx) => ctx.log.cursors.encode(event.seq),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: "Meta's own time of it.",
      resolve: ({ event }) => event.occurredAt,
    }),
    source: t.field({
      type: EventSourceEnum,
      description: 'Where the news comes from.',
      resolve: ({ event }) => event.source,
    }),
    trackingCode: t.string({
      nullable: true,
      description:
        'What the partner gave the customer on the way into the hosted signup (`sessionInfo.trackingCode`), to know whose ' +
        'customer this is. Null when there was none.',
      resolve: ({ event }) => trackingCodeOf(sentIn(event)),
    }),
    clientWaba: t.expose('clientWaba', { type: ClientWaba, description: 'The account.' }),
    solution: t.field({
      type: Solution,
      nullable: true,
      description: 'The solution that onboarded it; null when there was none.',
      resolve: ({ event }, _, ctx, info) => solutionOf(event, ctx, selectedBelow(info)),
    }),
  }),
})

const afterDescription =
  'Cursor behind which to go on; what happened since then comes first. From now when left out.'

builder.subscriptionField('events', (t) =>
  t.field({
    type: EventStreamItem,
    description:
      'Every event the caller may see, from `after` (or from now), without gaps; a heartbeat when nothing comes.',
    args: {
      filter: t.arg({
        type: EventFilterInput,
        description: 'Every event that the caller may see when left out.',
      }),
      after: t.arg.string({ description: afterDescription }),
    },
    subscribe: async (_, { filter, after }, ctx) => {
      const wanted = readFilter(ctx, filter)
      const { from } = await readPosition(ctx, after)
      return new EventStream(wanted, from, await ctx.log.start())
    },
    resolve: (item: StreamItem) => item,
  }),
)

builder.subscriptionField('solutionStatusChanged', (t) =>
  t.field({
    type: SolutionStatusChange,
    description:
      'With `solutionId`: the state now, then each change. Without: each change of every solution. A slow reader gets ' +
      'the latest state, never a stale one.',
    args: {
      solutionId: t.arg.id({ description: 'Only this solution: global id or Meta solution id.' }),
      appId: t.arg.id({ description: 'Only as this app sees it: global id or Meta app id.' }),
      after: t.arg.string({ description: `${afterDescription} With it there is no initial item.` }),
    },
    subscribe: async (_, args, ctx) => {
      const wanted = await readTarget(ctx, args)
      return stoppable(ctx.draining, (signal) =>
        placed(ctx, followStatus(ctx, wanted, signal), (change) => change.seq),
      )
    },
    resolve: (change: StatusChange) => change,
  }),
)

builder.subscriptionField('clientWabaOnboarded', (t) =>
  t.field({
    type: ClientWabaOnboarding,
    description:
      'Each customer account when it is shared, once, whatever told of it first: PARTNER_ADDED, PARTNER_APP_INSTALLED (alone ' +
      'after a hosted signup), PARTNER_CLIENT_CERTIFICATION_NEEDED of a business that is new, or the comparison with Graph.',
    args: {
      solutionId: t.arg.id({
        description: 'Only accounts that come through this solution: global id or Meta solution id.',
      }),
      appId: t.arg.id({ description: 'Only as this app was told: global id or Meta app id.' }),
      after: t.arg.string({ description: afterDescription }),
    },
    subscribe: async (_, args, ctx) => {
      const wanted = await readTarget(ctx, args)
      return stoppable(ctx.draining, (signal) =>
        placed(ctx, followOnboarding(ctx, wanted, signal), ({ event }) => event.seq),
      )
    },
    resolve: (change: OnboardingChange) => change,
  }),
)

type Optional = string | null | undefined

async function readTarget(ctx: Ctx, args: { solutionId?: Optional; appId?: Optional; after?: Optional }) {
  const solution = args.solutionId == null ? null : readView(ctx, 'Solution', 'solutionId', args.solutionId)
  return {
    solutionId: solution?.id ?? null,
    appIds: appIdsIn(ctx, args.appId, [solution]),
    ...(await keptPosition(ctx, args.after)),
  }
}

/** These streams have no item that could say that something is missing, so a cursor from before is refused. */
export async function keptPosition(ctx: Ctx, after: Optional) {
  const position = await readPosition(ctx, after)
  const start = await ctx.log.start()
  if (position.from < start) throw new CursorExpired(ctx.log, start)
  return position
}

/** Fixed when the subscription is made, so that what happens before its first item is waited for is not lost. */
async function readPosition(ctx: Ctx, after: Optional): Promise<{ from: number; resumed: boolean }> {
  if (ctx.streamPosition.resumeFrom !== null)
    return { from: await positionOf(ctx.log, 'Last-Event-ID', ctx.streamPosition.resumeFrom), resumed: true }
  if (after != null) return { from: await positionOf(ctx.log, 'after', after), resumed: true }
  return { from: await ctx.log.head(), resumed: false }
}

/** Notes where the stream stands, before each item is sent. One that retention overtakes ends, and says so. */
export async function* placed<T>(
  ctx: Ctx,
  items: AsyncIterable<T>,
  seqOf: (item: T) => number,
): AsyncGenerator<T, void, void> {
  try {
    for await (const item of items) {
      ctx.streamPosition.cursor = ctx.log.cursors.encode(seqOf(item))
      yield item
    }
  } catch (error) {
    throw error instanceof EventsGone ? new CursorExpired(ctx.log, error.start) : error
  }
}
