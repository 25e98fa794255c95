import { appIdsOf, appOf, type Ctx } from '../context.ts'
import type { eventSources } from '../events/event.ts'
import type { eventKinds } from '../events/kinds.ts'
import type { EventFilter } from '../events/log.ts'
import { pageOfEvents } from '../events/page.ts'
import { builder } from '../graphql/builder.ts'
import { bothWaysArgs } from '../graphql/connection.ts'
import { EventConnection } from './event-types.graphql.ts'
import { EventKindEnum, EventSourceEnum } from './event.graphql.ts'
import { ClientWaba, Solution } from '../graphql/refs.ts'
import { readId, readView, refuse, type View } from '../graphql/refuse.ts'

export const EventFilterInput = builder.inputType('EventFilter', {
  description: 'Which events: those that meet everything that is given.',
  fields: (t) => ({
    kinds: t.field({ type: [EventKindEnum], description: 'Of one of these kinds.' }),
    sources: t.field({ type: [EventSourceEnum], description: 'From one of these sources.' }),
    appId: t.id({ description: 'That this app was told: global id or Meta app id.' }),
    solutionId: t.id({
      description:
        'About this solution: Meta solution id, or global id, then only what the app that it names was told.',
    }),
    wabaId: t.id({
      description:
        'About this account: WABA id, or global id, then only what the app that it names was told.',
    }),
  }),
})

interface FilterArguments {
  readonly kinds?: readonly (typeof eventKinds)[number][] | null | undefined
  readonly sources?: readonly (typeof eventSources)[number][] | null | undefined
  readonly appId?: string | null | undefined
  readonly solutionId?: string | null | undefined
  readonly wabaId?: string | null | undefined
}

/** The caller's filter within the caller's rights: never wider than the apps it may use. */
export function readFilter(ctx: Ctx, filter: FilterArguments | null | undefined): EventFilter {
  const solution =
    filter?.solutionId == null ? null : readView(ctx, 'Solution', 'solutionId', filter.solutionId)
  const waba = filter?.wabaId == null ? null : readView(ctx, 'ClientWaba', 'wabaId', filter.wabaId)
  return {
    appIds: appIdsIn(ctx, filter?.appId, [solution, waba]),
    ...(filter?.kinds && { kinds: filter.kinds }),
    ...(filter?.sources && { sources: filter.sources }),
    ...(solution && { solutionId: solution.id }),
    ...(waba && { wabaId: waba.id }),
  }
}

/** The app that is named by its id, or by the ids of what it sees; all of the caller's when none is. */
export function appIdsIn(
  ctx: Ctx,
  appId: string | null | undefined,
  views: readonly (View | null)[],
): readonly string[] {
  let appIds = appId == null ? appIdsOf(ctx) : [ownAppId(ctx, appId)]
  for (const view of views) {
    if (view?.apps.length === 0)
      throw refuse('NOT_FOUND', 'An id names an app that the caller does not have.')
    if (!view) continue
    appIds = appIds.filter((id) => view.apps.some((app) => app.appId === id))
    if (appIds.length === 0) throw refuse('INVALID_INPUT', 'These ids name different apps.')
  }
  return appIds
}

function ownAppId(ctx: Ctx, argument: string): string {
  const appId = readId('App', 'appId', argument)
  if (appOf(ctx, appId)) return appId
  throw refuse('NOT_FOUND', 'appId: the gateway holds no such app for this caller.')
}

builder.queryField('events', (t) =>
  t.field({
    type: EventConnection,
    nullable: true,
    description: 'The event log, oldest first. Null only beside an error that says why it could not be read.',
    args: {
      filter: t.arg({
        type: EventFilterInput,
        description: 'Every event that the caller may see when left out.',
      }),
      ...bothWaysArgs,
    },
    resolve: (_, { filter, ...args }, ctx) => pageOfEvents(ctx.log, readFilter(ctx, filter), args),
  }),
)

builder.objectField(Solution, 'events', (t) =>
  t.field({
    type: EventConnection,
    nullable: true,
    description:
      'What the log knows of this solution, oldest first. Null only beside an error that says why it could not be read.',
    args: bothWaysArgs,
    resolve: (solution, args, ctx) =>
      pageOfEvents(ctx.log, { appIds: appIdsOf(ctx), solutionId: solution.id }, args),
  }),
)

builder.objectField(ClientWaba, 'events', (t) =>
  t.field({
    type: EventConnection,
    nullable: true,
    description:
      'What the log knows of this account, oldest first. Null only beside an error that says why it could not be read.',
    args: bothWaysArgs,
    resolve: (waba, args, ctx) => pageOfEvents(ctx.log, { appIds: appIdsOf(ctx), wabaId: waba.id }, args),
  }),
)
