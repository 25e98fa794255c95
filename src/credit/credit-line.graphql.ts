import { appOf } from '../context.ts'
import { listAllocations } from '../graph/endpoints/credit.ts'
import type { CreditAllocationNode } from '../graph/nodes.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { builder } from '../graphql/builder.ts'
import { asSent, pageOf } from '../graphql/graph-field.ts'
import { forwardArgs } from '../graphql/connection.ts'
import { Node } from '../graphql/node.ts'
import { App, CreditLine } from '../graphql/refs.ts'
import { readOptionalId } from '../graphql/refuse.ts'
import { plan, selectedBelow } from '../graphql/selection.ts'
import { Allocation } from './allocation.ts'
import { creditLinesOf, allocationFields } from './lines.ts'
import { CreditAllocationConnection } from './credit-allocation.graphql.ts'

CreditLine.implement({
  description:
    "A line of credit with Meta that a Solution Partner pays its customers' messages from. Source: Meta's page \"Share and " +
    'revoke credit lines"; all of it is read with the system token, of an Admin or Financial Editor of the portfolio.',
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('CreditLine', value),
  fields: (t) => ({
    creditLineId: t.exposeString('id', { description: "Meta's id of the line (an extended credit)." }),
    legalEntityName: t.string({
      nullable: true,
      description: 'Name of the legal entity that pays; null when Graph gives none.',
      ...asSent('CreditLine', 'legal_entity_name'),
    }),
    allocations: t.field({
      type: CreditAllocationConnection,
      nullable: true,
      description:
        'Whom the line is shared with now; what was revoked is not listed. Graph answers with a list or, for one ' +
        'business, with the bare record: both are read. Null only beside an error that says why it could not be read.',
      args: {
        receivingBusinessId: t.arg.string({
          description: 'Only what is shared with this business portfolio: global id or Meta id.',
        }),
        ...forwardArgs,
      },
      resolve: (line, { receivingBusinessId, ...args }, ctx) => {
        const businessId = readOptionalId('Business', 'receivingBusinessId', receivingBusinessId)
        const { viewer } = line
        return pageOf<CreditAllocationNode, Allocation>(ctx, args, {
          type: 'CreditAllocation',
          fields: allocationFields,
          viewer,
          endpoint: (page) =>
            listAllocations(line.id, { ...page, receivingBusinessId: businessId ?? undefined }),
          show: (row, asked) => Allocation.row(viewer.app, line.id, row, asked),
        })
      },
    }),
  }),
})

builder.objectField(App, 'creditLines', (t) =>
  t.field({
    type: [CreditLine],
    nullable: true,
    description:
      "The credit lines of the app's business portfolio: the one that is configured (META_CREDIT_LINE_ID), else all that " +
      "Graph lists to the system token. Empty for a Tech Provider, null for a partner's app.",
    resolve: (node, _, ctx, info) => {
      const app = appOf(ctx, node.id)
      return app && creditLinesOf(ctx, app, plan(selectedBelow(info)))
    },
  }),
)
