import type {
  NameReview as NameReviewFacts,
  ReportedLimits as Limits,
  ReportedPaymentConfiguration as PaymentConfiguration,
  ReportedTemplate as Template,
  Subject,
  SubjectType,
} from '../alerts/alert-facts.ts'
import { builder } from '../graphql/builder.ts'

const AlertSubjectType = builder.enumType('AlertSubjectType', {
  description: 'What an alert can be about.',
  values: {
    ACCOUNT: { description: "The customer's account; the id is its WABA id." },
    PORTFOLIO: { description: 'A business portfolio.' },
    PHONE_NUMBER: { description: 'A number. Most fields of Meta name it by its digits and not by its id.' },
    TEMPLATE: { description: 'A message template.' },
    PROFILE: { description: 'The business profile of a number (CURRENT_STATUS_ID).' },
    OTHER: { description: 'Something that this release of the gateway does not know.' },
  } satisfies Record<SubjectType, object>,
})

export const AlertSubject = builder.objectRef<Subject>('AlertSubject').implement({
  description: 'What an alert is about.',
  fields: (t) => ({
    type: t.expose('type', { type: AlertSubjectType, description: 'What it is.' }),
    metaId: t.exposeString('id', {
      nullable: true,
      description: "Meta's id of it; null where Meta does not say, as of most numbers.",
    }),
    displayPhoneNumber: t.exposeString('displayPhoneNumber', {
      nullable: true,
      description:
        "A number's digits with country code; null of anything else, and of a number named by its id.",
    }),
  }),
})

export const NameReviewType = builder.objectRef<NameReviewFacts>('NameReview').implement({
  description: 'What became of a number\'s display name. Source: Meta\'s page "phone_number_name_update".',
  fields: (t) => ({
    decision: t.exposeString('decision', {
      nullable: true,
      description: 'As sent (open list: APPROVED, DEFERRED, PENDING, REJECTED). Null when Meta sent none.',
    }),
    requestedName: t.exposeString('requestedName', {
      nullable: true,
      description:
        'The display name that was asked for. Null when it is not kept: Meta found it to be the name of a person.',
    }),
    rejectionReason: t.exposeString('rejectionReason', {
      nullable: true,
      description:
        'As sent (open list: NAME_EMPLOYEE_ISSUE, NAME_FORMAT_UNACCEPTABLE …). Null when there is none.',
    }),
    registerAgainBy: t.expose('registerAgainBy', {
      type: 'DateTime',
      nullable: true,
      description:
        'Until then the number has to be registered once more, or the approved name goes to review again: 14 days after ' +
        'the decision, as a third party has read Meta\'s page "Display names". Null of any other decision.',
    }),
  }),
})

const limit =
  'a tier (TIER_2K …) or a number, as sent; -1 and TIER_UNLIMITED are without a limit. Null when not sent.'

export const ReportedLimitsType = builder.objectRef<Limits>('ReportedLimits').implement({
  description:
    'Limits as a webhook reported them. Sources: Meta\'s pages "business_capability_update" and "phone_number_quality_update".',
  fields: (t) => ({
    maxDailyConversationsPerPhoneNumber: t.exposeString('maxDailyConversationsPerPhoneNumber', {
      nullable: true,
      description: `Customers a day for each number: ${limit}`,
    }),
    maxDailyConversationsPerBusiness: t.exposeString('maxDailyConversationsPerBusiness', {
      nullable: true,
      description: `Customers a day for the whole portfolio: ${limit}`,
    }),
    maxPhoneNumbersPerBusiness: t.exposeInt('maxPhoneNumbersPerBusiness', {
      nullable: true,
      description: 'Numbers that the portfolio may have. Null when not sent.',
    }),
    maxPhoneNumbersPerWaba: t.exposeInt('maxPhoneNumbersPerWaba', {
      nullable: true,
      description: 'Numbers that the account may have. Null when not sent.',
    }),
    currentLimit: t.exposeString('currentLimit', {
      nullable: true,
      description:
        'Of a number, now: a tier as sent. TIER_UNLIMITED means a higher throughput here, and no unlimited limit. Null ' +
        'when not sent.',
    }),
    oldLimit: t.exposeString('oldLimit', {
      nullable: true,
      description: 'The same before. Null when not sent.',
    }),
  }),
})

export const ReportedTemplateType = builder.objectRef<Template>('ReportedTemplate').implement({
  description: 'A message template as a webhook reported it. Its text is never kept.',
  fields: (t) => ({
    templateId: t.exposeString('templateId', {
      nullable: true,
      description: "Meta's id. Null when not sent.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'Name. Null when not sent.' }),
    language: t.exposeString('language', {
      nullable: true,
      description: 'Language code as sent, e.g. en_US. Null when not sent.',
    }),
    category: t.exposeString('category', {
      nullable: true,
      description: 'Category now, as sent (MARKETING, UTILITY, AUTHENTICATION …). Null when not sent.',
    }),
    previousCategory: t.exposeString('previousCategory', {
      nullable: true,
      description: 'Category before, when it has changed. Null otherwise.',
    }),
    correctCategory: t.exposeString('correctCategory', {
      nullable: true,
      description: 'Category that Meta finds right, when it is another. Null otherwise.',
    }),
    categoryChangesAt: t.expose('categoryChangesAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When `correctCategory` will be the category. Null when it will not, or has become so.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, as sent (open list: INVALID_FORMAT, SCAM, NONE …). Null when not sent.',
    }),
    pause: t.exposeString('pause', {
      nullable: true,
      description: 'Which pause it is, as sent (FIRST_PAUSE, SECOND_PAUSE …). Null when not sent.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is or was disabled. Null when not sent.',
    }),
    deletedUnlessUnarchivedBy: t.expose('deletedUnlessUnarchivedBy', {
      type: 'DateTime',
      nullable: true,
      description: 'Of an archived template: 28 days after, when Meta deletes it. Null otherwise.',
    }),
    quality: t.exposeString('quality', {
      nullable: true,
      description: 'Quality now, as sent (GREEN, YELLOW, RED, UNKNOWN). Null when not sent.',
    }),
    previousQuality: t.exposeString('previousQuality', {
      nullable: true,
      description: 'Quality before, as sent. Null when not sent.',
    }),
  }),
})

export const ReportedPaymentConfigurationType = builder
  .objectRef<PaymentConfiguration>('ReportedPaymentConfiguration')
  .implement({
    description:
      'A provider with whom customers of the business pay in WhatsApp (India, Brazil); not how Meta is paid. Source: ' +
      'Meta\'s page "payment_configuration_update".',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: true, description: 'Name of it. Null when not kept.' }),
      provider: t.exposeString('provider', { nullable: true, description: 'Whose. Null when not kept.' }),
      createdAt: t.expose('createdAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was made. Null when not sent.',
      }),
      updatedAt: t.expose('updatedAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When it was changed. Null when not sent.',
      }),
    }),
  })
