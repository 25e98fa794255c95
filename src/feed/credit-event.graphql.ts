import { appOf } from '../context.ts'
import { Allocation } from '../credit/allocation.ts'
import type { StoredEvent } from '../events/event.ts'
import { readAudit } from '../writes/audit.ts'
import { builder } from '../graphql/builder.ts'
import { isEvent } from './event.graphql.ts'
import { Node } from '../graphql/node.ts'
import { Event } from '../graphql/refs.ts'
import { CreditAllocation } from '../credit/credit-allocation.graphql.ts'

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
