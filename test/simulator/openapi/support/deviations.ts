const guide = 'guide "Multi-Partner Solutions"'
const hosted = 'page "Hosted Embedded Signup" prints these by default, and no status'
const lowerCase = 'the SDK has these values in lower case, and more of them'
const nested = 'expanded, an edge is {"data":[…]}: guide "Field expansion"'
const messages = 'messages and templates are not simulated'
const ofAccounts =
  'the SDK: the rows are accounts, which have a field of that name nowhere else, or not by default'
const lists = 'an edge comes with cursors: guide "Paginated results"'

const accountLists = {
  'by default has data/*/business_type': guide,
  'by default has data/*/message_template_namespace': guide,
  'data/*/business_verification_status is "not_verified"': lowerCase,
  'data/*/phone_numbers is no array': nested,
  'data/*/subscribed_apps is no array': nested,
  'refuses audiences': messages,
  'refuses dcc_config': 'in no other page and not in the SDK',
  'refuses message_templates': messages,
  'refuses schedules': messages,
}

const bare = (...lacking: string[]): Record<string, string> =>
  Object.fromEntries(lacking.map((name) => [`lacks ${name}`, `${guide}: {"success":true} and nothing else`]))

/**
 * What the simulator answers otherwise than Meta's OpenAPI file says, each with whose word it takes instead. The table of
 * LIMITS.md has the same in short.
 */
export const deviations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'GET /{Application-ID}/whatsapp_business_solutions': { 'has data/*/owner_app/link': guide },
  'GET /{Application-ID}/connected_client_businesses': {
    'refuses business_status': 'the SDK does not know it of a Business',
    'refuses verification_status':
      'guide "Partner-led business verification": a customer\'s takes its business token',
  },
  'GET /{User-ID}/assigned_whatsapp_business_accounts': {
    'by default lacks data/*/status': ofAccounts,
    'data/*/phone_numbers is no array': nested,
    'refuses assignment_date': ofAccounts,
    'refuses business_id': ofAccounts,
    'refuses permissions': ofAccounts,
  },
  'GET /{Solution-ID}': { 'has owner_app/link': guide },
  'GET /{Solution-ID}/access_token': {
    'has data': guide,
    'lacks access_token': guide,
    'lacks expires_at': guide,
  },
  'POST /{Solution-ID}/accept': bare('partner_status', 'solution_id'),
  'POST /{Solution-ID}/reject': bare('rejected_request_type', 'solution_id'),
  'POST /{Solution-ID}/send_deactivation_request': bare('message'),
  'POST /{Solution-ID}/accept_deactivation_request': {
    'has success': guide,
    ...bare('id', 'name', 'status', 'status_for_pending_request'),
  },
  'POST /{Solution-ID}/reject_deactivation_request': {
    'has success': guide,
    ...bare('id', 'name', 'status', 'status_for_pending_request'),
  },
  'GET /{Migration-Intent-ID}': {
    'by default has solution': 'reference "Migration Intent Details API" of v25.0 and the migration guides',
  },
  'POST /{WABA-ID}/set_solution_migration_intent': {
    'has id': 'the migration guides and the SDK',
    'lacks migration_intent_id': 'the migration guides and the SDK',
    'lacks success': 'the migration guides and the SDK',
  },
  'GET /{WABA-ID}': { 'business_verification_status is "not_verified"': lowerCase },
  'GET /{WABA-ID}/solutions': { 'has data/*/owner_app/link': guide },
  'GET /{WABA-ID}/phone_numbers': {
    'by default has data/*/last_onboarded_time': hosted,
    'by default has data/*/platform_type': hosted,
    'by default has data/*/throughput': hosted,
    'by default has data/*/webhook_configuration': hosted,
    'by default lacks data/*/status': hosted,
    'data/*/status is "CONNECTED"': 'guide "Migrating customers off solutions via Meta Business Suite"',
    'refuses messaging_limit_tier': 'deprecated: page "Messaging limits"',
    'refuses unified_cert_status': 'a third party that asked v25.0 was refused',
  },
  'GET /{WhatsApp-Business-Account-ID}/assigned_users': {
    'by default has data/*/tasks': 'guide "Manage system users"',
  },
  'GET /{Phone-Number-ID}': {
    'by default has last_onboarded_time': hosted,
    'by default has platform_type': hosted,
    'by default has throughput': hosted,
    'by default has webhook_configuration': hosted,
  },
  'GET /{Business-ID}/client_whatsapp_business_accounts': {
    ...accountLists,
    'data/*/business_verification_status is "verified"': lowerCase,
  },
  'GET /{Business-ID}/owned_whatsapp_business_accounts': accountLists,
  'GET /{Business-ID}/extendedcredits': { 'by default has paging': lists, 'has paging': lists },
}
