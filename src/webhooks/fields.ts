/**
 * What becomes of a change, by its field alone:
 * - `read`: this gateway knows its events; stored.
 * - `counted`: Meta documents it, and it is none of the gateway's business (much of it is personal data): its body is
 *   never stored.
 * - `unknown`: stored as it is, so that nothing new from Meta gets lost before somebody has looked at it.
 */
type FieldUse = 'read' | 'counted' | 'unknown'

export function useOf(field: string): FieldUse {
  return uses.get(field) ?? 'unknown'
}

const read = ['account_update', 'partner_solutions']

const counted = [
  // Conversations and calls; the fields that follow a callback override (Meta's page "Override").
  'messages',
  'message_echoes',
  'calls',
  'history',
  'smb_message_echoes',
  'smb_app_state_sync',
  'consumer_profile',
  'messaging_handovers',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'account_settings_update',
  // Account, number and template news of the webhook reference.
  'account_alerts',
  'account_review_update',
  'business_capability_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
  'template_correct_category_detection',
  'payment_configuration_update',
  'security',
  // Offered by the App Dashboard, without a reference page.
  'automatic_events',
  'business_status_update',
  'business_username_updates',
  'flows',
  'standby',
  'tracking_events',
  'user_preferences',
]

const uses: ReadonlyMap<string, FieldUse> = new Map<string, FieldUse>([
  ...read.map((field) => [field, 'read'] as const),
  ...counted.map((field) => [field, 'counted'] as const),
])
