import { shownFields } from '../graph/nodes.ts'
import { appOf, type Ctx } from '../context.ts'
import type { eventSources, StoredEvent } from '../events/event.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { readAudit } from '../writes/audit.ts'
import { builder } from '../graphql/builder.ts'
import { connectionOf } from '../graphql/connection.ts'
import { eventKindTable, eventTypeName, type EventTypeName } from '../events/kinds.ts'
import { Node } from '../graphql/node.ts'
import { PartyEnum } from '../graphql/party.ts'
import { ClientWaba, Event, Solution } from '../graphql/refs.ts'
import { plan, selectedBelow, type SelectedField } from '../graphql/selection.ts'
import { GatewayWrite } from './gateway-write.graphql.ts'
import { AlertSeverity, verdictOf } from './severity.graphql.ts'

export const EventKindEnum = builder.enumType('EventKind', {
  description: 'What an event is about.',
  values: eventKindTable,
})

export const EventSourceEnum = builder.enumType('EventSource', {
  description: 'Where an event comes from.',
  values: {
    WEBHOOK: { description: 'Sent by Meta.' },
    RECONCILED: { description: 'Found by comparing with Graph: a webhook that never came.' },
    GATEWAY: { description: 'An action taken through this gateway, or a look it took.' },
  } satisfies Record<(typeof eventSources)[number], object>,
})

Event.implement({
  description:
    'Something that happened, as the log keeps it. An event that two apps were told of is there twice.',
  interfaces: [Node],
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the log: pass it as `after` to go on from here.',
      resolve: (event, _, ctx) => ctx.log.cursors.encode(event.seq),
    }),
    kind: t.expose('kind', { type: EventKindEnum, description: 'What it is about.' }),
    source: t.expose('source', { type: EventSourceEnum, description: 'Where it comes from.' }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description:
        "Meta's own time of the event, to the second; of an event that the gateway made, or that came without a time, the gateway's.",
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When the gateway stored it.' }),
    appId: t.exposeString('appId', { description: 'Meta id of the app that was told.' }),
    severity: t.field({
      type: AlertSeverity,
      nullable: true,
      description:
        'How serious it is, of what Meta tells of accounts, numbers and templates, and of signups that have ended. Null of ' +
        'everything else.',
      resolve: (event) => verdictOf(event)?.severity ?? null,
    }),
    waitsFor: t.field({
      type: PartyEnum,
      nullable: true,
      description: 'Whose turn it is by that; null when nobody has to act, or nobody can say who.',
      resolve: (event) => verdictOf(event)?.waitsFor ?? null,
    }),
    write: t.field({
      type: GatewayWrite,
      nullable: true,
      description:
        'Of a GATEWAY event that a mutation left: who did what, and what came of it. Null otherwise.',
      resolve: (event) => (event.source === 'GATEWAY' ? readAudit(event.payload) : null),
    }),
  }),
})

export const isEvent = (name: EventTypeName) => (value: unknown) =>
  isStoredEvent(value) && eventTypeName(value) === name

function isStoredEvent(value: unknown): value is StoredEvent {
  return typeof value === 'object' && value !== null && 'seq' in value && 'dedupeKey' in value
}

export const SolutionEvent = builder.objectRef<StoredEvent>('SolutionEvent').implement({
  description: 'News of a solution.',
  interfaces: [Event, Node],
  isTypeOf: isEvent('SolutionEvent'),
  fields: (t) => ({
    solutionId: t.string({
      description: "Meta's id of the solution.",
      resolve: (event) => event.solutionId ?? '',
    }),
    reportedStatus: t.exposeString('reportedStatus', {
      nullable: true,
      description:
        "The status the webhook spoke of, as sent (an open list that differs from the solution's own); the solution " +
        'itself is read again. Of a GATEWAY event: the status read after the action, null when it could not be read.',
    }),
    solution: t.field({
      type: Solution,
      nullable: true,
      description: 'The solution as it is now; null when the app can no longer see it.',
      resolve: (event, _, ctx, info) => solutionOf(event, ctx, selectedBelow(info)),
    }),
  }),
})

export const ClientWabaEvent = builder.objectRef<StoredEvent>('ClientWabaEvent').implement({
  description: "News of a customer's account.",
  interfaces: [Event, Node],
  isTypeOf: isEvent('ClientWabaEvent'),
  fields: (t) => ({
    event: t.string({
      description: "Meta's own event name, e.g. PARTNER_ADDED; the kind, when Meta did not send it.",
      resolve: (event) => event.event ?? event.field,
    }),
    wabaId: t.exposeString('wabaId', {
      nullable: true,
      description: "Meta's id of the account; null when the event does not say.",
    }),
    ownerBusinessId: t.exposeString('ownerBusinessId', {
      nullable: true,
      description: "Meta's id of the customer's portfolio; null when the event does not say.",
    }),
    solutionId: t.exposeString('solutionId', {
      nullable: true,
      description:
        'The solution that onboarded the account; null when there was none or the event does not say.',
    }),
    clientWaba: t.field({
      type: ClientWaba,
      nullable: true,
      description: 'The account; null when the event names none. Fields are read when asked for.',
      resolve: (event, _, ctx) => wabaOf(event, ctx),
    }),
    solution: t.field({
      type: Solution,
      nullable: true,
      description: 'The solution that onboarded the account, as it is now; null when there was none.',
      resolve: (event, _, ctx, info) => solutionOf(event, ctx, selectedBelow(info)),
    }),
    details: t.field({
      type: 'JSON',
      nullable: true,
      description:
        "What is kept of the change's value, with Meta's own names: ids, states, dates and Meta's sentences. What else was " +
        'sent is not kept: `$leftOut` says how many bytes it had and under which names. Of a RECONCILED or GATEWAY event, ' +
        'what the gateway noted. Null when that was null.',
      resolve: (event): unknown => JSON.parse(event.payload),
    }),
  }),
})

export const OtherEvent = builder.objectRef<StoredEvent>('OtherEvent').implement({
  description:
    'An event this gateway has no type for: that it came, and what of it is known to be safe to keep.',
  interfaces: [Event, Node],
  isTypeOf: isEvent('OtherEvent'),
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The webhook field that it came in.' }),
    payload: t.field({
      type: 'JSON',
      description:
        "What is kept of the change's value. Of a field or a topic that this gateway does not know its `size` in bytes and " +
        'the names of its `keys`, since it may hold conversations or people; of an event that it does not know, of a field ' +
        'that it does, the ids, states and dates, and in `$leftOut` the size and names of the rest. Of a RECONCILED or ' +
        'GATEWAY event, what the gateway noted. Null when there is nothing to show.',
      resolve: (event): unknown => JSON.parse(event.payload),
    }),
  }),
})

export const EventConnection = connectionOf<StoredEvent>('Event', Event as never, 'events')

/** As it is now. In a stream all subscribers of an event share one read; in a query only what was selected is read. */
export function solutionOf(
  event: StoredEvent,
  ctx: Ctx,
  selected: readonly SelectedField[],
): Promise<NodeHandle<'Solution'> | null> | null {
  const app = appOf(ctx, event.appId)
  if (!app || event.solutionId === null) return null
  const fields = isStream(ctx) ? shownFields('Solution') : plan(selected)
  return findNode(ctx.reads, 'Solution', event.solutionId, fields, [app])
}

export function wabaOf(event: StoredEvent, ctx: Ctx): NodeHandle<'ClientWaba'> | null {
  const app = appOf(ctx, event.appId)
  if (!app || event.wabaId === null) return null
  return NodeHandle.unread(
    'ClientWaba',
    event.wabaId,
    { app },
    isStream(ctx) ? shownFields('ClientWaba') : null,
  )
}

export const isStream = (ctx: Ctx): boolean => ctx.streamPosition.cursor !== null
