import {
  alertStatusOf,
  limitsOf,
  nameReviewOf,
  paymentConfigurationOf,
  subjectOf,
  templateOf,
  alertText,
} from '../alerts/alert-facts.ts'
import type { StoredEvent } from '../events/event.ts'
import { builder } from '../graphql/builder.ts'
import { isEvent, sentIn } from './event.graphql.ts'
import { wabaOf, numberOf } from './event-types.graphql.ts'
import { Node } from '../graphql/node.ts'
import { ClientWaba, Event, PhoneNumber } from '../graphql/refs.ts'
import {
  AlertSubject,
  NameReviewType,
  ReportedLimitsType,
  ReportedPaymentConfigurationType,
  ReportedTemplateType,
} from './reported.graphql.ts'
import { selectedBelow } from '../graphql/selection.ts'

export const AccountAlertEvent = builder.objectRef<StoredEvent>('AccountAlertEvent').implement({
  description:
    "Meta's news of an account, a number, a template or a portfolio, beside `account_update`: reviews, names, limits, " +
    'quality, categories, PINs. Kept as facts; none of it is about people or conversations.',
  interfaces: [Event, Node],
  isTypeOf: isEvent('AccountAlertEvent'),
  fields: (t) => ({
    field: t.exposeString('field', { description: "Meta's webhook field, e.g. phone_number_name_update." }),
    code: t.exposeString('event', {
      nullable: true,
      description:
        "Meta's own enum of what happened, as sent (an open list: a decision, an event, a type, a category). Null of fields " +
        'that have none, as business_capability_update.',
    }),
    alertStatus: t.string({
      nullable: true,
      description: 'Of account_alerts, as sent: ACTIVE or NONE. Null of other fields.',
      resolve: (event) => alertStatusOf(sentIn(event)),
    }),
    subject: t.field({
      type: AlertSubject,
      description: 'What it is about.',
      resolve: (event) => subjectOf(event.field, sentIn(event), event.wabaId),
    }),
    text: t.string({
      nullable: true,
      description:
        "Meta's own sentence, in English, for people to read. Null when there is none, when it has more than 500 " +
        'characters, or holds what could be a phone number or an address.',
      resolve: (event) => alertText(sentIn(event)),
    }),
    wabaId: t.exposeString('wabaId', {
      nullable: true,
      description: "Meta's id of the account that was told of; null when the webhook does not say.",
    }),
    clientWaba: t.field({
      type: ClientWaba,
      nullable: true,
      description: 'That account; null when the webhook does not say. Fields are read when asked for.',
      resolve: (event, _, ctx) => wabaOf(event, ctx),
    }),
    phoneNumber: t.field({
      type: PhoneNumber,
      nullable: true,
      description:
        'The number that it is about: by its id, or by its digits among those that the account lists now. Null when it is ' +
        'about something else, or the account no longer lists it.',
      resolve: (event, _, ctx, info) => {
        const { type, id, displayPhoneNumber: digits } = subjectOf(event.field, sentIn(event), event.wabaId)
        return type === 'PHONE_NUMBER' ? numberOf(event, { id, digits }, ctx, selectedBelow(info)) : null
      },
    }),
    nameReview: t.field({
      type: NameReviewType,
      nullable: true,
      description: 'Of phone_number_name_update. Null of other fields.',
      resolve: (event) => nameReviewOf(event.field, sentIn(event), event.occurredAt),
    }),
    limits: t.field({
      type: ReportedLimitsType,
      nullable: true,
      description: 'Of business_capability_update and phone_number_quality_update. Null of other fields.',
      resolve: (event) => limitsOf(event.field, sentIn(event)),
    }),
    template: t.field({
      type: ReportedTemplateType,
      nullable: true,
      description: 'Of the fields about message templates. Null of other fields.',
      resolve: (event) => templateOf(event.field, sentIn(event), event.occurredAt),
    }),
    paymentConfiguration: t.field({
      type: ReportedPaymentConfigurationType,
      nullable: true,
      description: 'Of payment_configuration_update. Null of other fields.',
      resolve: (event) => paymentConfigurationOf(event.field, sentIn(event)),
    }),
  }),
})
