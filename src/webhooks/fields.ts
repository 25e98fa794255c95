import { alertFields, neededFields } from '../alerts/fields.ts'

/**
 * What happens to a change, by its field alone. `read`: the gateway knows its events, and they are stored. `alert`: it is
 * about an account, a number or a template, and its facts are stored. `counted`: it holds conversations or people, or may,
 * so nothing of it is stored. `unknown`: that it was received, its size and the names of its keys are stored.
 */
type FieldUse = 'read' | 'alert' | 'counted' | 'unknown'

export function useOf(field: string): FieldUse {
  return uses.get(field) ?? 'unknown'
}

/** The label of a field in metrics: its name if it is known here, otherwise `other`. */
export const fieldLabel = (field: string): string => (uses.has(field) ? field : 'other')

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
  // Offered by the App Dashboard, without a reference page.
  'automatic_events',
  'business_status_update',
  'business_username_updates',
  'flows',
  'standby',
  'tracking_events',
  'user_preferences',
  // Only in lists of the dashboard's: by their names messages and contacts of WhatsApp Web.
  'web_app_data_sync',
  'web_message_echoes',
  // In older notes only. Meta's changelog has changed ids of users come in `messages`.
  'user_id_update',
]

const uses: ReadonlyMap<string, FieldUse> = new Map<string, FieldUse>([
  ...neededFields.map((field) => [field, 'read'] as const),
  ...alertFields.map((field) => [field, 'alert'] as const),
  ...counted.map((field) => [field, 'counted'] as const),
])

/** The one webhook object of the fields this gateway reads. */
export const whatsappTopic = 'whatsapp_business_account'
