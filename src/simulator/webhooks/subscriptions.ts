/** An app's callback, as set by `POST /{app}/subscriptions`: one per app for the one object there is. */
export interface Subscription {
  readonly object: 'whatsapp_business_account'
  readonly callbackUrl: string
  readonly verifyToken: string
  readonly fields: readonly string[]
}

/** By app id. Kept through a reset: on Meta's side they belong to the app's settings. */
export type Subscriptions = Map<string, Subscription>

/** Those that tell of solutions, accounts, numbers and templates, and of no conversation. */
export const accountFields: readonly string[] = [
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
  'template_correct_category_detection',
]

// Meta's page "Webhooks overview" and the pages under webhooks/reference; the dashboard lists more
export const knownFields: readonly string[] = [
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'business_username_updates',
  'calls',
  'flows',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'history',
  'message_echoes',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'messages',
  'messaging_handovers',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'smb_app_state_sync',
  'smb_message_echoes',
  'standby',
  'template_category_update',
  'template_correct_category_detection',
  'tracking_events',
  'user_preferences',
]
