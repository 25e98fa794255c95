import {
  adAccountIdOf,
  banOf,
  certificationOf,
  disconnectionOf,
  displayPhoneNumberOf,
  internationalRatesOf,
  primaryCountryOf,
  restrictionsOf,
  restrictionStageOf,
  trackingCodeOf,
  violationOf,
  volumeTierOf,
  type Ban,
  type Certification,
  type Disconnection,
  type ReportedRestriction,
  type RestrictionStage,
  type Violation,
  type VolumeTier,
} from '../alerts/account-facts.ts'
import { InternationalRatesType } from '../accounts/waba-facts.graphql.ts'
import { builder } from '../graphql/builder.ts'
import { ClientWabaEvent, numberOf } from './event-types.graphql.ts'
import { PhoneNumber } from '../graphql/refs.ts'
import { selectedBelow } from '../graphql/selection.ts'
import { sentIn } from './event.graphql.ts'

/* What `account_update` says of an account. Source: Meta's page of that name, unless another is named. */

const AccountRestriction = builder.objectRef<ReportedRestriction>('AccountRestriction').implement({
  description: 'Something that an account, or a number of it, may not do.',
  fields: (t) => ({
    type: t.exposeString('type', {
      description: 'As sent (open list: RESTRICTED_BIZ_INITIATED_MESSAGING …).',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends by itself. Null when Meta does not say, as of a hidden call button.',
    }),
    remediation: t.exposeString('remediation', {
      nullable: true,
      description: "Meta's advice, in English. Null when there is none or it is too long.",
    }),
  }),
})

const RestrictionStageEnum = builder.enumType('RestrictionStage', {
  description: 'What an ACCOUNT_RESTRICTION is: not each of them restricts.',
  values: {
    WARNED: { description: 'Nothing is restricted yet.' },
    RESTRICTED: { description: 'Something is, from now on.' },
    LIFTED: { description: 'A restriction has ended.' },
  } satisfies Record<RestrictionStage, object>,
})

const AccountViolation = builder.objectRef<Violation>('AccountViolation').implement({
  description: 'What Meta holds against an account or a number of it.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'As sent (open list: ADULT, SCAM, LOW_CALLING_QUALITY …).' }),
    remediation: t.exposeString('remediation', {
      nullable: true,
      description: "Meta's advice, in English. Null when there is none or it is too long.",
    }),
  }),
})

const AccountBan = builder.objectRef<Ban>('AccountBan').implement({
  description: 'That an account is disabled, will be, or is no longer.',
  fields: (t) => ({
    state: t.exposeString('state', {
      nullable: true,
      description: 'As sent (open list: DISABLE, SCHEDULE_FOR_DISABLE, REINSTATE). Null when not sent.',
    }),
    date: t.exposeString('date', {
      nullable: true,
      description: 'The day, as ISO 8601 (2025-04-17). Null when not sent, or in a form that cannot be read.',
    }),
    reportedDate: t.exposeString('reportedDate', {
      nullable: true,
      description: 'The day as sent, which is English prose ("April 17, 2025"). Null when not sent.',
    }),
  }),
})

const NumberDisconnection = builder.objectRef<Disconnection>('NumberDisconnection').implement({
  description: 'Why a number that is used in the WhatsApp Business app as well has left.',
  fields: (t) => ({
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        'As sent (open list: ACCOUNT_DISCONNECTED, PRIMARY_INACTIVITY, CHANGE_NUMBER …). Null when not sent.',
    }),
    initiatedBy: t.exposeString('initiatedBy', {
      nullable: true,
      description: 'As sent: USER or SYSTEM. Null when not sent.',
    }),
  }),
})

const ReportedCertification = builder.objectRef<Certification>('ReportedCertification').implement({
  description: 'What became of a verification that a partner led.',
  fields: (t) => ({
    status: t.exposeString('status', {
      nullable: true,
      description: 'As sent (open list: APPROVED, DISCARDED, FAILED, PENDING, REVOKED). Null when not sent.',
    }),
    rejectionReasons: t.exposeStringList('rejectionReasons', {
      description:
        'Why, as sent, with underscores (LEGAL_NAME_NOT_MATCHING …): Meta also spells them with spaces. Empty for none.',
    }),
  }),
})

const VolumeTierType = builder.objectRef<VolumeTier>('VolumeTier').implement({
  description: 'How many messages of a kind were sent in a month, and so what the next ones cost.',
  fields: (t) => ({
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the tier was reached. Of several events of one tier the earliest counts. Null when not sent.',
    }),
    category: t.exposeString('category', {
      nullable: true,
      description: 'Pricing category as sent (UTILITY …). Null when not sent.',
    }),
    tier: t.exposeString('tier', {
      nullable: true,
      description: 'Messages from and to, as sent (25000001:50000000). Null when not sent.',
    }),
    effectiveMonth: t.exposeString('effectiveMonth', {
      nullable: true,
      description: 'Month that it counts for (2025-11). Null when not sent.',
    }),
    region: t.exposeString('region', {
      nullable: true,
      description: 'Country or region, by its English name. Null when not sent.',
    }),
  }),
})

builder.objectFields(ClientWabaEvent, (t) => ({
  displayPhoneNumber: t.string({
    nullable: true,
    description:
      'The number that it is about, as digits with country code; null when it is about the whole account or Meta does not ' +
      'say. On a number that several accounts list, each may be told.',
    resolve: (event) => displayPhoneNumberOf(sentIn(event)),
  }),
  phoneNumber: t.field({
    type: PhoneNumber,
    nullable: true,
    description: 'That number, when the account lists it now. Null when it does not, or none is named.',
    resolve: (event, _, ctx, info) => {
      const digits = displayPhoneNumberOf(sentIn(event))
      return numberOf(event, { id: null, digits }, ctx, selectedBelow(info))
    },
  }),
  trackingCode: t.string({
    nullable: true,
    description:
      'What the partner gave the customer on the way into the hosted signup (`sessionInfo.trackingCode`), to know whose ' +
      'customer this is. Null when there was none.',
    resolve: (event) => trackingCodeOf(sentIn(event)),
  }),
  restrictionStage: t.field({
    type: RestrictionStageEnum,
    nullable: true,
    description: 'Of an ACCOUNT_RESTRICTION, what it is. Null of other events.',
    resolve: (event) => restrictionStageOf(event.event, sentIn(event)),
  }),
  restrictions: t.field({
    type: [AccountRestriction],
    description: 'What is restricted. Empty when nothing is.',
    resolve: (event) => [...restrictionsOf(sentIn(event))],
  }),
  violation: t.field({
    type: AccountViolation,
    nullable: true,
    description: 'What it was for. Null when Meta names none.',
    resolve: (event) => violationOf(sentIn(event)),
  }),
  ban: t.field({
    type: AccountBan,
    nullable: true,
    description: 'Of a DISABLED_UPDATE. Null of other events.',
    resolve: (event) => banOf(sentIn(event)),
  }),
  disconnection: t.field({
    type: NumberDisconnection,
    nullable: true,
    description:
      'Of a number that left the coexistence with the WhatsApp Business app. Null of other events.',
    resolve: (event) => disconnectionOf(sentIn(event)),
  }),
  certification: t.field({
    type: ReportedCertification,
    nullable: true,
    description: 'Of a PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE. Null of other events.',
    resolve: (event) => certificationOf(sentIn(event)),
  }),
  internationalRates: t.field({
    type: InternationalRatesType,
    nullable: true,
    description: 'Of an AUTH_INTL_PRICE_ELIGIBILITY_UPDATE. Null of other events.',
    resolve: (event) => internationalRatesOf(sentIn(event)),
  }),
  primaryCountry: t.string({
    nullable: true,
    description: 'Of a BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE: ISO 3166 code. Null of other events.',
    resolve: (event) => primaryCountryOf(sentIn(event)),
  }),
  volumeTier: t.field({
    type: VolumeTierType,
    nullable: true,
    description: 'Of a VOLUME_BASED_PRICING_TIER_UPDATE. Null of other events.',
    resolve: (event) => volumeTierOf(sentIn(event)),
  }),
  adAccountId: t.string({
    nullable: true,
    description: "Of an AD_ACCOUNT_LINKED: Meta's id of the ad account. Null of other events.",
    resolve: (event) => adAccountIdOf(sentIn(event)),
  }),
}))
