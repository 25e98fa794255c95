/** A person, in all that webhooks know of one, and what that person wrote. None of it may be anywhere. */
export const person = {
  name: 'Ana Canaria-Quist',
  message: 'a canary sings for nobody else',
  number: '4915123456789',
  printed: '+49 151 23456789',
  waId: '4915123459876',
  userId: 'US.13491208655302741918',
  numericId: '61555822107539',
  address: 'ana@canary.example',
  messageId: 'wamid.HBgNNDkxNTEyMzQ1Njc4ORUCABIYFjNFQjBCANARY',
} as const

const { name, message, number, printed, waId, userId, numericId, address, messageId } = person

/** What a field about conversations, contacts or people may hold, put together from Meta's pages. */
const conversation = {
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550783881', phone_number_id: '106540352242922' },
  contacts: [{ profile: { name }, wa_id: waId, user_id: userId }],
  messages: [{ from: number, id: messageId, timestamp: '1749416383', type: 'text', text: { body: message } }],
  statuses: [{ id: messageId, status: 'read', recipient_id: waId, timestamp: '1749416383' }],
  message_echoes: [{ from: '15550783881', to: number, id: messageId, text: { body: message } }],
  history: [{ threads: [{ id: number, messages: [{ from: number, text: { body: message } }] }] }],
  state_sync: [{ type: 'contact', contact: { full_name: name, first_name: 'Ana', phone_number: printed } }],
  calls: [{ id: 'wacid.1', from: number, to: '15550783881', event: 'connect' }],
  user_preferences: [{ wa_id: waId, detail: message, category: 'marketing_messages', value: 'stop' }],
  participants: [{ wa_id: waId, username: 'ana.canaria' }],
  responses: [{ email: address, answer: message }],
}

/** The same once more, below names that nobody has thought of. */
const unheardOf = {
  digest: { of: { a: [{ chat: { with: name, says: message } }] } },
  [number]: { spoke: true },
  [name]: message,
  who: { phone: printed, mail: address, id: numericId, bsuid: userId },
  note: message,
  list: [name, message, number, [waId, [userId]]],
  from_user_id: waId,
  recipient_ids: [waId, numericId],
  contact_status: name,
  sent_by_type: message,
  customer_info: { name, wa_id: waId, profile: { about: message } },
}

/** Fields of Meta's pages and of the dashboard that are about people. */
const aboutPeople = [
  'messages',
  'message_echoes',
  'smb_message_echoes',
  'history',
  'standby',
  'messaging_handovers',
  'smb_app_state_sync',
  'calls',
  'consumer_profile',
  'user_preferences',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'flows',
  'tracking_events',
  'automatic_events',
  'business_status_update',
  'business_username_updates',
  'web_message_echoes',
  'web_app_data_sync',
  'user_id_update',
]

const aboutAccounts = [
  'account_update',
  'partner_solutions',
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
]

const invented = ['customer_memory_update', 'chat_digest', 'voice_notes']

const account = '102290129340398'
const whatsapp = 'whatsapp_business_account'

let time = 1_796_000_000

interface Post {
  readonly object: string
  readonly entry: readonly object[]
}

const postOf = (field: string, value: unknown, object = whatsapp, id: unknown = account): Post => ({
  object,
  entry: [{ id, time: time++, changes: [{ field, value }] }],
})

/** A change as Meta documents it, with people where nobody documents any. */
function withPeople(value: object): object {
  const within = Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      typeof member === 'object' && member !== null && !Array.isArray(member)
        ? [key, { ...(member as object), ...conversation, ...unheardOf }]
        : [key, member],
    ),
  )
  return { ...within, ...conversation, ...unheardOf }
}

/** Documented members that take an enum, an id, a number or a time, with something of a person in their place. */
const misused = [
  ['account_update', { event: message }],
  [
    'account_update',
    { event: 'ACCOUNT_RESTRICTION', restriction_info: [{ restriction_type: message }, name] },
  ],
  [
    'account_update',
    {
      event: 'ACCOUNT_VIOLATION',
      violation_info: { violation_type: 'SCAM', remediation: `Call ${printed}` },
    },
  ],
  [
    'account_update',
    { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: [name], waba_ban_date: message } },
  ],
  [
    'account_update',
    { event: 'PARTNER_ADDED', waba_info: { waba_id: userId, owner_business_id: name, solution_id: address } },
  ],
  [
    'account_update',
    {
      event: 'PARTNER_REMOVED',
      phone_number: { wa_id: waId, name },
      disconnection_info: { reason: message },
    },
  ],
  [
    'account_update',
    { event: 'PARTNER_ADDED', waba_info: { waba_id: '5' }, sessionInfo: { trackingCode: address } },
  ],
  ['partner_solutions', { event: 'SOLUTION_UPDATED', solution_id: '5', solution_status: message }],
  [
    'account_alerts',
    { entity_type: message, alert_info: { alert_type: name, alert_description: `Write to ${address}.` } },
  ],
  ['account_review_update', { decision: message }],
  ['phone_number_name_update', { decision: message, rejection_reason: name, display_phone_number: name }],
  ['phone_number_quality_update', { event: message, current_limit: number }],
  ['business_capability_update', { max_phone_numbers_per_waba: Number(number) }],
  [
    'message_template_status_update',
    { event: message, message_template_name: name, message_template_language: message },
  ],
  ['security', { event: message, requester: numericId, display_phone_number: name }],
  ['payment_configuration_update', { status: message, configuration_name: address, provider_name: name }],
] as const

/** Posts that can be read: every documented field and three that are not, other topics, names that are data. */
export function readablePosts(documented: readonly { field: string; value: object }[]): readonly Post[] {
  return [
    ...aboutPeople.flatMap((field) => [postOf(field, conversation), postOf(field, unheardOf)]),
    ...aboutAccounts.flatMap((field) => [postOf(field, conversation), postOf(field, unheardOf)]),
    ...invented.flatMap((field) => [
      postOf(field, conversation),
      postOf(field, unheardOf),
      postOf(field, message),
      postOf(field, [name, number]),
      postOf(field, number),
    ]),
    ...documented.map(({ field, value }) => postOf(field, withPeople(value))),
    ...misused.map(([field, value]) => postOf(field, value)),
    ...['page', 'whatsapp_account', 'user', name].flatMap((object) => [
      postOf('feed', conversation, object, numericId),
      postOf('account_update', withPeople({ event: 'ACCOUNT_DELETED' }), object, waId),
      postOf(
        'security',
        { event: 'PIN_CHANGED', display_phone_number: printed, requester: numericId },
        object,
      ),
    ]),
    ...[name, message, number, `field_of_${number}`].map((field) => postOf(field, conversation)),
    postOf('account_update', { event: 'ACCOUNT_DELETED' }, whatsapp, name),
    postOf('account_update', { event: 'SOMETHING_NEW', ...unheardOf, ...conversation }),
    postOf('partner_solutions', { event: 'SOMETHING_NEW', solution_id: '5', ...unheardOf }),
  ]
}

/** Bytes that cannot be read, or not all of them. */
export function brokenPosts(): readonly Buffer[] {
  const whole = JSON.stringify(postOf('messages', { ...conversation, ...unheardOf }))
  const known = JSON.stringify(postOf('account_update', { event: 'PARTNER_ADDED', ...unheardOf }))
  const nest = (value: unknown, levels: number): unknown =>
    levels === 0 ? value : { digest: nest(value, levels - 1) }
  const entries = [
    message,
    { id: account, time: time++, changes: message },
    {
      id: account,
      time: time++,
      changes: [message, { value: conversation }, { field: 'account_update' }, null],
    },
    { id: name, changes: [{ field: { name }, value: message }] },
    { id: account, time: time++, changes: [{ field: 'account_update', value: nest(conversation, 100) }] },
    { id: account, time: time++, changes: [{ field: 'chat_digest', value: nest(conversation, 100) }] },
  ]
  const texts = [
    ...[0.2, 0.5, 0.8, 0.99].flatMap((part) =>
      [whole, known].map((text) => text.slice(0, text.length * part)),
    ),
    `${whole}${whole}`,
    message,
    JSON.stringify(message),
    JSON.stringify([name, conversation]),
    JSON.stringify({ object: whatsapp, entry: message }),
    JSON.stringify({ object: whatsapp, messages: conversation.messages }),
    ...entries.map((entry) => JSON.stringify({ object: whatsapp, entry: [entry] })),
  ]
  const garbled = Buffer.from(whole)
  garbled.set([0xff, 0xfe, 0x80], 40)
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(whole.slice(0, 300))])
  const latin = Buffer.from(JSON.stringify({ object: whatsapp, entry: [`\u00fc ${message}`] }), 'latin1')
  return [...texts.map((text) => Buffer.from(text)), garbled, marked, latin]
}
