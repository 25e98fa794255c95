import { NodeHandle } from '../reads/node-handle.ts'
import { asSent } from '../graphql/graph-field.ts'
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
      ...asSent('Business', 'name'),
    }),
    verificationStatus: t.string({
      nullable: true,
      description:
        'As Graph sends it (open list, lower case: verified, not_verified, pending …). Null when Graph gives none.',
      ...asSent('Business', 'verification_status'),
    }),
  }),
})
