import { builder } from '../graphql/builder.ts'
import { readId } from '../graphql/refuse.ts'

// The keys of `extras.setup`: Meta's page "Embedded Signup, pre-filling screens", as public code passes them on.

const PrefillAddress = builder.inputType('EmbeddedSignupPrefillAddress', {
  description: "Address of the customer's business.",
  fields: (t) => ({
    streetAddress1: t.string({ description: 'Street and number.' }),
    streetAddress2: t.string({ description: 'Second line.' }),
    city: t.string({ description: 'Name of the city.' }),
    state: t.string({ description: 'State or province, as Meta abbreviates it, e.g. CA.' }),
    zipPostal: t.string({ description: 'Postal code.' }),
    country: t.string({ description: 'Two letters, e.g. US.' }),
  }),
})

const PrefillPhone = builder.inputType('EmbeddedSignupPrefillPhone', {
  description: 'A phone number of the business, not the one for WhatsApp.',
  fields: (t) => ({
    code: t.int({ description: 'Country calling code, e.g. 1.' }),
    number: t.string({ description: 'The number without that.' }),
  }),
})

const PrefillBusiness = builder.inputType('EmbeddedSignupPrefillBusiness', {
  description: "The customer's business, for the screen on which a portfolio is made.",
  fields: (t) => ({
    id: t.id({ description: 'A portfolio that is there already: its Meta id.' }),
    name: t.string({ description: 'Name of the business.' }),
    email: t.string({ description: 'Its e-mail address.' }),
    phone: t.field({ type: PrefillPhone, description: 'Its phone number.' }),
    website: t.string({ description: 'Its address on the web.' }),
    address: t.field({ type: PrefillAddress, description: 'Where it is.' }),
    timezone: t.string({ description: 'E.g. UTC-08:00.' }),
  }),
})

const PrefillProfile = builder.inputType('EmbeddedSignupPrefillProfile', {
  description: 'The WhatsApp profile of the number.',
  fields: (t) => ({
    displayName: t.string({ description: 'The name that WhatsApp users will see.' }),
    category: t.string({ description: 'A category of business, as Meta names it, e.g. ENTERTAIN.' }),
    description: t.string({ description: 'A sentence about the business.' }),
  }),
})

export const PrefillType = builder.inputType('EmbeddedSignupPrefill', {
  description:
    'What the screens of Embedded Signup show filled in (`extras.setup`). The customer can change it.',
  fields: (t) => ({
    business: t.field({ type: PrefillBusiness, description: 'The business.' }),
    phone: t.field({ type: PrefillProfile, description: 'The profile of the number.' }),
    preVerifiedPhoneIds: t.idList({
      description:
        'Phone numbers of yours that are verified before, by their Meta ids, for the customer to take.',
    }),
    wabaIds: t.idList({
      description: "The customer's accounts that are chosen already: global ids or WABA ids.",
    }),
  }),
})

export type PrefillInput = typeof PrefillType.$inferInput

/** As `extras.setup` has it. What is null is left out. */
export function prefillOf({ business, phone, ...ids }: PrefillInput): Readonly<Record<string, unknown>> {
  const preVerified = ids.preVerifiedPhoneIds?.map((id) => readId('PhoneNumber', 'prefill', id))
  const accounts = ids.wabaIds?.map((id) => readId('ClientWaba', 'prefill', id))
  return withoutNulls({
    business: business && {
      ...business,
      ...(business.id != null && { id: readId('Business', 'prefill', business.id) }),
    },
    phone,
    preVerifiedPhone: preVerified && { ids: preVerified },
    whatsAppBusinessAccount: accounts && { ids: accounts },
  })
}

function withoutNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).filter(([, member]) => member != null)
  return Object.fromEntries(
    kept.map(([key, member]) => [key, isPlain(member) ? withoutNulls(member) : member]),
  )
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
