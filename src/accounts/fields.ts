import type { FieldTree } from '../graph/fields.ts'
import { wholeSolution } from '../solutions/fields.ts'

export const phoneNumberFields: FieldTree = [
  'id',
  'display_phone_number',
  'verified_name',
  'status',
  'quality_rating',
  'name_status',
  'new_display_name',
  'new_name_status',
  'code_verification_status',
  'throughput',
  'whatsapp_business_manager_messaging_limit',
  'account_mode',
  'platform_type',
  'is_on_biz_app',
  'is_official_business_account',
  'last_onboarded_time',
  'health_status',
]

export const phoneNumbersFields = (limit: number): FieldTree => [
  { name: 'phone_numbers', limit, fields: phoneNumberFields },
]

/** Everything that the graph shows of an account at its first pages: what subscribers of one event share. */
export const wholeWaba: FieldTree = [
  'name',
  'currency',
  'country',
  'timezone_id',
  'message_template_namespace',
  'ownership_type',
  'account_review_status',
  'business_verification_status',
  'status',
  'creation_time',
  'is_enabled_for_insights',
  'is_shared_with_partners',
  'disable_marketing_messages_on_cloud_api',
  'marketing_messages_lite_api_status',
  'marketing_messages_onboarding_status',
  'primary_business_location',
  'purchase_order_number',
  'whatsapp_business_manager_messaging_limit',
  'on_behalf_of_business_info',
  'auth_international_rate_eligibility',
  'health_status',
  ...phoneNumbersFields(25),
  { name: 'solutions', limit: 25, fields: ['id', ...wholeSolution] },
]
