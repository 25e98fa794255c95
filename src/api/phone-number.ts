import type { Ctx } from '../context.ts'
import { Seen } from '../loaders/seen.ts'
import { Node } from './node.ts'
import { PhoneNumber } from './refs.ts'
import type { TextField } from './text-field.ts'

const read = (field: TextField<'PhoneNumber'>) => {
  const fields = [field]
  return (number: Seen<'PhoneNumber'>, _: object, ctx: Ctx) =>
    number.read(ctx.reads, fields, (node) => node[field] ?? null)
}

PhoneNumber.implement({
  description: 'A phone number of an account.',
  interfaces: [Node],
  isTypeOf: (value) => Seen.is('PhoneNumber', value),
  fields: (t) => ({
    phoneNumberId: t.exposeString('id', { description: "Meta's id of the number; not the number itself." }),
    displayPhoneNumber: t.string({
      nullable: true,
      description: 'The number as Meta prints it, with country code. Null when Graph gives none.',
      resolve: read('display_phone_number'),
    }),
    verifiedName: t.string({
      nullable: true,
      description: 'The display name that customers see. Null when Graph gives none.',
      resolve: read('verified_name'),
    }),
    status: t.string({
      nullable: true,
      description: 'As Graph sends it; CONNECTED is a live number. Null when Graph gives none.',
      resolve: read('status'),
    }),
    qualityRating: t.string({
      nullable: true,
      description: 'As Graph sends it (GREEN, YELLOW, RED, UNKNOWN, NA). Null when Graph gives none.',
      resolve: read('quality_rating'),
    }),
  }),
})
