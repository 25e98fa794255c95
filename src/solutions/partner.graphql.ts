import { builder } from '../graphql/builder.ts'
import { needs, needsNode } from '../graphql/graph-field.ts'
import { Node } from '../graphql/node.ts'
import { App, Partner, PartnerRow } from '../graphql/refs.ts'
import { selectedBelow } from '../graphql/selection.ts'
import { appIn } from './solution.graphql.ts'

// The values of Meta's OpenAPI file; the list is open on Graph's side.
const partnerStatuses = [
  'DRAFT',
  'INITIATED',
  'NOTIFICATION_SENT',
  'ACCEPTED',
  'REJECTED',
  'DEACTIVATED',
] as const
type PartnerStatus = (typeof partnerStatuses)[number] | 'UNKNOWN'

const PartnerStatusEnum = builder.enumType('PartnerStatus', {
  description: "How far a partner's part in a solution is.",
  values: {
    DRAFT: { description: 'Saved, not sent.' },
    INITIATED: { description: 'Begun.' },
    NOTIFICATION_SENT: { description: 'Invited; has not answered.' },
    ACCEPTED: { description: 'Takes part.' },
    REJECTED: { description: 'Declined.' },
    DEACTIVATED: { description: 'Took part once.' },
    UNKNOWN: {
      description: 'Graph says nothing, or something that its documents do not: see `graphStatus`.',
    },
  } satisfies Record<PartnerStatus, object>,
})

Partner.implement({
  description: 'An app invited to a solution.',
  interfaces: [Node],
  isTypeOf: (value) => value instanceof PartnerRow,
  fields: (t) => ({
    partnerId: t.string({
      description: "Meta's id of the partner's record in the solution; not an app id.",
      resolve: ({ row }) => row.id,
    }),
    app: t.field({
      type: App,
      nullable: true,
      description: 'The invited app; null when Graph does not say.',
      ...needsNode('partner_app'),
      resolve: ({ solution, row }, _, ctx, info) => {
        ctx.reads.assertSupported('Partner', 'partner_app', solution.viewer)
        return appIn(solution, row.partner_app, ctx, selectedBelow(info))
      },
    }),
    status: t.field({
      type: PartnerStatusEnum,
      description: "The partner's own answer.",
      ...needs(['status']),
      resolve: ({ row }) => partnerStatuses.find((status) => status === row.status) ?? 'UNKNOWN',
    }),
    graphStatus: t.string({
      nullable: true,
      description: "Graph's `status` of the record, as sent. Null when Graph gives none.",
      ...needs(['status']),
      resolve: ({ solution, row }, _, ctx) => {
        ctx.reads.assertSupported('Partner', 'status', solution.viewer)
        return row.status ?? null
      },
    }),
    permissions: t.stringList({
      nullable: true,
      description:
        "What the partner may do on customers' accounts, as Graph names it (an open list); null when it does not say.",
      ...needs(['partner_permissions']),
      resolve: ({ solution, row }, _, ctx) => {
        ctx.reads.assertSupported('Partner', 'partner_permissions', solution.viewer)
        return row.partner_permissions ?? null
      },
    }),
  }),
})
