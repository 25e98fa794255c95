import { digitsAt, numberAt, textAt, timeAt } from '../lib/value.ts'

export const subjectTypes = ['ACCOUNT', 'PORTFOLIO', 'PHONE_NUMBER', 'TEMPLATE', 'PROFILE', 'OTHER'] as const
export type SubjectType = (typeof subjectTypes)[number]

export interface Subject {
  readonly type: SubjectType
  readonly id: string | null
  readonly displayPhoneNumber: string | null
}

// Meta's page "account_alerts"; WABA in what the App Dashboard's test button sends.
const entities: ReadonlyMap<unknown, SubjectType> = new Map([
  ['BUSINESS', 'PORTFOLIO'],
  ['PHONE_NUMBER', 'PHONE_NUMBER'],
  ['CURRENT_STATUS_ID', 'PROFILE'],
  ['WABA', 'ACCOUNT'],
])

export const isKnownEntity = (type: unknown): boolean => entities.has(type)

/** What an alert is about. Only "account_alerts" names a number by its id; the others by its digits. */
export function subjectOf(field: string, value: unknown, wabaId: string | null): Subject {
  const subject = (type: SubjectType, id: string | null): Subject => ({
    type,
    id,
    displayPhoneNumber: digitsAt(value, 'display_phone_number'),
  })
  if (field === 'account_alerts')
    return subject(entities.get(textAt(value, 'entity_type')) ?? 'OTHER', textAt(value, 'entity_id'))
  if (field.includes('template')) return subject('TEMPLATE', textAt(value, 'message_template_id'))
  const numberId = textAt(value, 'phone_number_settings', 'phone_number_id')
  if (numberId !== null || field === 'security' || field.startsWith('phone_number_'))
    return subject('PHONE_NUMBER', numberId)
  return subject('ACCOUNT', wabaId)
}

/** A sentence of Meta's for people to read. */
export function alertText(value: unknown): string | null {
  const rejection = [
    textAt(value, 'rejection_info', 'reason'),
    textAt(value, 'rejection_info', 'recommendation'),
  ].filter((part) => part !== null)
  return (
    textAt(value, 'alert_info', 'alert_description') ??
    textAt(value, 'alert_description') ??
    (rejection.length > 0 ? rejection.join(' ') : textAt(value, 'other_info', 'description'))
  )
}

export const alertStatusOf = (value: unknown): string | null =>
  textAt(value, 'alert_info', 'alert_status') ?? textAt(value, 'alert_status')

const dayMs = 24 * 60 * 60_000

export interface NameReview {
  readonly decision: string | null
  readonly requestedName: string | null
  readonly rejectionReason: string | null
  readonly registerAgainBy: number | null
}

// The 14 days are a third party's reading of Meta's page "Display names" (2026-06-16); the webhook's page has none.
const registerWithinMs = 14 * dayMs

export function nameReviewOf(field: string, value: unknown, occurredAt: number): NameReview | null {
  if (field !== 'phone_number_name_update') return null
  const decision = textAt(value, 'decision')
  return {
    decision,
    requestedName: textAt(value, 'requested_verified_name'),
    rejectionReason: textAt(value, 'rejection_reason'),
    registerAgainBy: decision === 'APPROVED' ? occurredAt + registerWithinMs : null,
  }
}

export interface ReportedLimits {
  readonly maxDailyConversationsPerPhoneNumber: string | null
  readonly maxDailyConversationsPerBusiness: string | null
  readonly maxPhoneNumbersPerBusiness: number | null
  readonly maxPhoneNumbersPerWaba: number | null
  readonly currentLimit: string | null
  readonly oldLimit: string | null
}

/** Tiers in Meta's tables, plain numbers in its examples: both as text. */
export function limitsOf(field: string, value: unknown): ReportedLimits | null {
  if (field !== 'business_capability_update' && field !== 'phone_number_quality_update') return null
  return {
    maxDailyConversationsPerPhoneNumber: textAt(value, 'max_daily_conversation_per_phone'),
    maxDailyConversationsPerBusiness: textAt(value, 'max_daily_conversations_per_business'),
    maxPhoneNumbersPerBusiness: numberAt(value, 'max_phone_numbers_per_business'),
    maxPhoneNumbersPerWaba: numberAt(value, 'max_phone_numbers_per_waba'),
    currentLimit: textAt(value, 'current_limit'),
    oldLimit: textAt(value, 'old_limit'),
  }
}

export interface ReportedTemplate {
  readonly templateId: string | null
  readonly name: string | null
  readonly language: string | null
  readonly category: string | null
  readonly previousCategory: string | null
  readonly correctCategory: string | null
  readonly categoryChangesAt: number | null
  readonly reason: string | null
  readonly pause: string | null
  readonly disabledAt: number | null
  readonly deletedUnlessUnarchivedBy: number | null
  readonly quality: string | null
  readonly previousQuality: string | null
}

// Meta's page "message_template_status_update"
const archivedMs = 28 * dayMs

export function templateOf(field: string, value: unknown, occurredAt: number): ReportedTemplate | null {
  if (!field.includes('template')) return null
  const isArchived = field === 'message_template_status_update' && textAt(value, 'event') === 'ARCHIVED'
  return {
    templateId: textAt(value, 'message_template_id'),
    name: textAt(value, 'message_template_name'),
    language: textAt(value, 'message_template_language'),
    category:
      textAt(value, 'new_category') ??
      textAt(value, 'category') ??
      textAt(value, 'message_template_category'),
    previousCategory: textAt(value, 'previous_category'),
    correctCategory: textAt(value, 'correct_category'),
    categoryChangesAt: timeAt(value, 'category_update_timestamp'),
    reason: textAt(value, 'reason'),
    pause: textAt(value, 'other_info', 'title'),
    disabledAt: timeAt(value, 'disable_info', 'disable_date'),
    deletedUnlessUnarchivedBy: isArchived ? occurredAt + archivedMs : null,
    quality: textAt(value, 'new_quality_score'),
    previousQuality: textAt(value, 'previous_quality_score'),
  }
}

export interface ReportedPaymentConfiguration {
  readonly name: string | null
  readonly provider: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
}

export function paymentConfigurationOf(field: string, value: unknown): ReportedPaymentConfiguration | null {
  if (field !== 'payment_configuration_update') return null
  return {
    name: textAt(value, 'configuration_name'),
    provider: textAt(value, 'provider_name'),
    createdAt: timeAt(value, 'created_timestamp'),
    updatedAt: timeAt(value, 'updated_timestamp'),
  }
}
