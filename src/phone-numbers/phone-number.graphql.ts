import { NodeHandle } from '../reads/node-handle.ts'
import { accountsListing, listingFields } from './numbers.ts'
import { asSent, needs } from '../graphql/graph-field.ts'
import { Node } from '../graphql/node.ts'
import { ClientWaba, PhoneNumber } from '../graphql/refs.ts'

PhoneNumber.implement({
  description:
    'A business phone number, the same one with the same id in whichever account an app reads it: each partner of a customer may ' +
    "have an account of its own that lists it. Its status, quality and limits are one for all of them. Source: Meta's " +
    'page "Updates to WhatsApp Business accounts".',
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('PhoneNumber', value),
  fields: (t) => ({
    phoneNumberId: t.exposeString('id', { description: "Meta's id of the number; not the number itself." }),
    displayPhoneNumber: t.string({
      nullable: true,
      description: 'The number as Meta prints it, with country code. Null when Graph gives none.',
      ...asSent('PhoneNumber', 'display_phone_number'),
    }),
    verifiedName: t.string({
      nullable: true,
      description: 'The display name that customers see. Null when Graph gives none.',
      ...asSent('PhoneNumber', 'verified_name'),
    }),
    status: t.string({
      nullable: true,
      description:
        'As Graph sends it; CONNECTED is a live number. Another partner that has the number may take it off. Null when ' +
        'Graph gives none.',
      ...asSent('PhoneNumber', 'status'),
    }),
    clientWabas: t.field({
      type: [ClientWaba],
      nullable: true,
      description:
        'Accounts that are known to list the number: those that Graph names in its `health`. There may be more, of other ' +
        'partners too, and no call of Graph lists them. ' +
        'Null only beside an error that says why it could not be read.',
      ...needs(listingFields),
      resolve: async (number, _, ctx) => {
        const { app } = number.viewer
        return (await accountsListing(ctx, number)).map((id) => NodeHandle.unread('ClientWaba', id, { app }))
      },
    }),
    qualityRating: t.string({
      nullable: true,
      description: 'As Graph sends it (GREEN, YELLOW, RED, UNKNOWN, NA). Null when Graph gives none.',
      ...asSent('PhoneNumber', 'quality_rating'),
    }),
  }),
})
