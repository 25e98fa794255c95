import { NodeHandle } from '../reads/node-handle.ts'
import { Node } from '../graphql/node.ts'
import { Business } from '../graphql/refs.ts'

Business.implement({
  description: 'A business portfolio.',
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('Business', value),
  fields: (t) => ({
    businessId: t.exposeString('id', { description: "Meta's id of the portfolio." }),
    name: t.string({
      nullable: true,
      description: 'Name of the portfolio; null when Graph gives none.',
      resolve: (business, _, ctx) => business.read(ctx.reads, ['name'], (node) => node.name ?? null),
    }),
    verificationStatus: t.string({
      nullable: true,
      description:
        'As Graph sends it (open list, lower case: verified, not_verified, pending …). Null when Graph gives none.',
      resolve: (business, _, ctx) =>
        business.read(ctx.reads, ['verification_status'], (node) => node.verification_status ?? null),
    }),
  }),
})
