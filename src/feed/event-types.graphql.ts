import { shownFields, type PhoneNumberNode } from '../graph/nodes.ts'
import { appOf, type Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { readAudit } from '../writes/audit.ts'
import { builder } from '../graphql/builder.ts'
import { connectionOf } from '../graphql/connection.ts'
import { Node } from '../graphql/node.ts'
import { ClientWaba, Event, Solution } from '../graphql/refs.ts'
import { plan, selectedBelow, type SelectedField } from '../graphql/selection.ts'
import { Allocation } from '../credit/allocation.ts'
import { isEvent, isStream } from './event.graphql.ts'
import { CreditAllocation } from '../credit/credit-allocation.graphql.ts'
import { readEdge } from '../graph/endpoints/nodes.ts'

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
        "What is kept of the change's value. If this gateway does not know the field or topic: its `size` in bytes and the " +
        'names of its `keys`, since it may hold conversations or people. If it knows the field and not the event: the ids, ' +
        'states and dates, and in `$leftOut` the size and names of the rest. Of a RECONCILED or ' +
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

export const CreditEvent = builder.objectRef<StoredEvent>('CreditEvent').implement({
  description:
    'A credit line was shared or revoked through this gateway. Meta sends no webhook for either: what is done elsewhere ' +
    'has no event.',
  interfaces: [Event, Node],
  isTypeOf: isEvent('CreditEvent'),
  fields: (t) => ({
    allocationId: t.string({
      nullable: true,
      description: "Meta's id of the allocation; null when the event does not say.",
      resolve: allocationIdOf,
    }),
    wabaId: t.exposeString('wabaId', {
      nullable: true,
      description:
        'The account that took the line; null when it was revoked, since that hits all of a business.',
    }),
    receivingBusinessId: t.exposeString('ownerBusinessId', {
      nullable: true,
      description: "Meta's id of the customer's portfolio; null when it could not be told.",
    }),
    creditAllocation: t.field({
      type: CreditAllocation,
      nullable: true,
      description:
        'The allocation as it is now; null when the event does not say which. Read when asked for.',
      resolve: (event, _, ctx) => {
        const [app, id] = [appOf(ctx, event.appId), allocationIdOf(event)]
        return app && id !== null ? Allocation.unread(app, id) : null
      },
    }),
  }),
})

function allocationIdOf(event: StoredEvent): string | null {
  const after = readAudit(event.payload)?.after
  const named = typeof after === 'object' && after !== null && 'allocationId' in after
  return named && typeof after.allocationId === 'string' ? after.allocationId : null
}

interface Named {
  readonly id: string | null
  /** Its digits, with country code. */
  readonly digits: string | null
}

/** More numbers than a portfolio may have. */
const numbersAtMost = 100

/** The number that an event names: by its id, or by its digits among those of the account that was told of. */
export async function numberOf(
  event: StoredEvent,
  { id, digits }: Named,
  ctx: Ctx,
  selected: readonly SelectedField[],
): Promise<NodeHandle<'PhoneNumber'> | null> {
  const app = appOf(ctx, event.appId)
  const { wabaId } = event
  if (!app) return null
  if (id !== null)
    return NodeHandle.unread('PhoneNumber', id, { app }, isStream(ctx) ? shownFields('PhoneNumber') : null)
  if (digits === null || wabaId === null) return null
  const wanted = isStream(ctx) ? shownFields('PhoneNumber') : plan(selected)
  const list = (fields: string) =>
    readEdge('ClientWaba', wabaId, 'phone_numbers', { limit: numbersAtMost, fields })
  const fields = [...new Set([...wanted, 'display_phone_number'])]
  const { page, asked } = await ctx.reads.page('PhoneNumber', fields, list, { app })
  const row = page.data.find((number) => digitsOf(number) === digits)
  return row ? new NodeHandle('PhoneNumber', row.id, { app }, asked, row) : null
}

const digitsOf = ({ display_phone_number: printed }: PhoneNumberNode): string | undefined =>
  printed?.replaceAll(/\D/g, '')
