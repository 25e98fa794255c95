/** Without these fields the gateway learns of no solution, customer or account. */
export const neededFields = ['account_update', 'partner_solutions'] as const

/** Fields that tell of accounts, numbers and templates: the pages of these names below Meta's "webhooks/reference". */
export const alertFields = [
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'business_capability_update',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'template_correct_category_detection',
] as const
export type AlertField = (typeof alertFields)[number]
