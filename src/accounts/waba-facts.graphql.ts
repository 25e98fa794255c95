import type { CountryStart, InternationalRates } from '../alerts/account-facts.ts'
import type { WabaNode } from '../graph/nodes.ts'
import { builder } from '../graphql/builder.ts'
import { asSent, madeFrom } from '../graphql/graph-field.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { accountOf } from './account.ts'
import { isFunded } from './token.ts'

type OnBehalfOfShape = NonNullable<WabaNode['on_behalf_of_business_info']>

const OnBehalfOf = builder.objectRef<OnBehalfOfShape>('OnBehalfOfBusiness').implement({
  description: "A business that a partner's account was made for, in Meta's old model.",
  fields: (t) => ({
    businessId: t.string({
      nullable: true,
      description: "Meta's id of the portfolio. Null when Graph gives none.",
      resolve: ({ id }) => id ?? null,
    }),
    name: t.string({
      nullable: true,
      description: 'Name of the portfolio. Null when Graph gives none.',
      resolve: ({ name }) => name ?? null,
    }),
    status: t.string({
      nullable: true,
      description:
        'How far the move into the hands of the customer is, as Graph sends it. Null when Graph gives none.',
      resolve: ({ status }) => status ?? null,
    }),
    type: t.string({
      nullable: true,
      description: 'As Graph sends it. Null when Graph gives none.',
      resolve: ({ type }) => type ?? null,
    }),
  }),
})

const CountryRateStart = builder.objectRef<CountryStart>('CountryRateStart').implement({
  description: 'A country with a date of its own.',
  fields: (t) => ({
    country: t.exposeString('country', { description: 'ISO 3166 code.' }),
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'From when. Null when not sent.',
    }),
  }),
})

export const InternationalRatesType = builder
  .objectRef<InternationalRates>('InternationalAuthenticationRates')
  .implement({
    description: 'From when messages of authentication are charged at international rates.',
    fields: (t) => ({
      startsAt: t.expose('startsAt', {
        type: 'DateTime',
        nullable: true,
        description: 'From when. Null when not sent.',
      }),
      exceptions: t.expose('exceptions', {
        type: [CountryRateStart],
        description: 'Countries in which it begins at another time.',
      }),
    }),
  })

/** As the event that tells of them shows them. */
function ratesOf({
  auth_international_rate_eligibility: rates,
}: Partial<WabaNode>): InternationalRates | null {
  if (!rates) return null
  const exceptions = (rates.exception_countries ?? []).flatMap((row) =>
    row?.country_code ? [{ country: row.country_code, startsAt: row.start_time ?? null }] : [],
  )
  return { startsAt: rates.start_time ?? null, exceptions }
}

const none = 'Null when Graph gives none.'
const sparable = 'Not every app and version has it: then null with an error that says so.'

builder.objectFields(ClientWaba, (t) => ({
  status: t.string({
    nullable: true,
    description: `State of the account, as Graph sends it: ACTIVE is the only value on a page of Meta's. See \`restrictions\` and \`health\` for what is wrong. ${none}`,
    ...asSent('ClientWaba', 'status'),
  }),
  paymentMethodAttached: t.boolean({
    nullable: true,
    description:
      "Whether anything pays for the account: a credit line, or a payment method of the customer's own. Without one paid messages are not sent. Read with the customer's business token, for each account by itself. Null when it cannot be told: no such token, or Graph does not take the field of the app.",
    resolve: async (waba, _, ctx) => isFunded(ctx, await accountOf(ctx, waba.viewer.app, waba.id)),
  }),
  creationTime: t.field({
    type: 'DateTime',
    nullable: true,
    description: `When the account was made. ${none}`,
    ...asSent('ClientWaba', 'creation_time'),
  }),
  messagingLimit: t.string({
    nullable: true,
    description: `How many people may be written to first within 24 hours: TIER_50, TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED or UNTIERED (open list). It is the portfolio's, shared by all its numbers and by all partners on them. ${none} Source: Meta's page "Messaging limits". ${sparable}`,
    ...asSent('ClientWaba', 'whatsapp_business_manager_messaging_limit'),
  }),
  isEnabledForInsights: t.boolean({
    nullable: true,
    description: `Whether analytics of its templates are on. ${none}`,
    ...asSent('ClientWaba', 'is_enabled_for_insights'),
  }),
  isSharedWithPartners: t.boolean({
    nullable: true,
    description: `Whether any partner has the account, by Graph's own word. ${none}`,
    ...asSent('ClientWaba', 'is_shared_with_partners'),
  }),
  marketingMessagesLiteApiStatus: t.string({
    nullable: true,
    description: `How far the account is with the Marketing Messages API, as Graph sends it (open list). ${none}`,
    ...asSent('ClientWaba', 'marketing_messages_lite_api_status'),
  }),
  marketingMessagesOnboardingStatus: t.string({
    nullable: true,
    description: `Whether the account may go or has gone to the Marketing Messages API, as Graph sends it (open list, e.g. ELIGIBLE). ${none}`,
    ...asSent('ClientWaba', 'marketing_messages_onboarding_status'),
  }),
  marketingMessagesDisabledOnCloudApi: t.boolean({
    nullable: true,
    description: `True when marketing templates are switched off on the Cloud API: sending one is then refused with 131063. ${none} ${sparable}`,
    ...asSent('ClientWaba', 'disable_marketing_messages_on_cloud_api'),
  }),
  primaryBusinessLocation: t.string({
    nullable: true,
    description: `Country that the business is in for Meta's prices, as Graph sends it. ${none}`,
    ...asSent('ClientWaba', 'primary_business_location'),
  }),
  purchaseOrderNumber: t.string({
    nullable: true,
    description: `Printed on the invoices of the account. ${none}`,
    ...asSent('ClientWaba', 'purchase_order_number'),
  }),
  onBehalfOfBusiness: t.field({
    type: OnBehalfOf,
    nullable: true,
    description:
      'In the old model, whom a partner made the account for. Null when Graph names nobody, as of new accounts.',
    ...asSent('ClientWaba', 'on_behalf_of_business_info'),
  }),
  authInternationalRates: t.field({
    type: InternationalRatesType,
    nullable: true,
    description: `When international rates for authentication messages begin. ${none}`,
    ...madeFrom('ClientWaba', ['auth_international_rate_eligibility'], ratesOf),
  }),
}))
