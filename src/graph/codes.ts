export type GraphErrorKind =
  | 'throttled'
  | 'token'
  | 'permission'
  | 'not-found'
  | 'invalid'
  | 'unavailable'
  | 'timeout'
  | 'network'
  | 'malformed'
  | 'too-large'
  | 'aborted'
  | 'input'

// Sources, below developers.facebook.com:
//   [errors]   docs/graph-api/guides/error-handling
//   [whatsapp] documentation/business-messaging/whatsapp/support/error-codes
//   [limits]   docs/graph-api/overview/rate-limiting
//   [openapi]  github.com/facebook/openapi, business-messaging-api_v23.0.yaml
const CODES: readonly (readonly [GraphErrorKind, readonly number[]])[] = [
  // [limits] app, user, page, custom; 80008 WhatsApp Business Management. 341 [errors] application limit.
  ['throttled', [4, 17, 32, 341, 613, 80008]],
  // [whatsapp] 80007 a WABA's limit, 130429 Cloud API throughput, 131056 one pair of numbers.
  ['throttled', [80007, 130429, 131056]],
  // [whatsapp] a wait is asked for: PIN tries, PIN too fast, number just deleted, 10 registrations in 72 hours.
  ['throttled', [133008, 133009, 133015, 133016]],
  // [whatsapp] 0; [errors] 102 session, 190 expired or invalid token; [openapi] 104 wrong proof or none.
  // 452 session key invalid: docs/marketing-api/reference/business/system_user_access_tokens
  ['token', [0, 102, 104, 190, 452]],
  // [errors] 3, 10, 200-299 (the range is below); 368 blocked for policy.
  ['permission', [3, 10, 368]],
  // [whatsapp] no access, account locked, restricted by country, terms not accepted.
  ['permission', [131005, 131031, 130497, 134011]],
  // [whatsapp] 33 the phone number was deleted; [openapi] 803 unknown object or alias.
  ['not-found', [33, 803]],
  // [errors] 1 unknown, 2 down or overloaded.
  ['unavailable', [1, 2]],
  // [whatsapp] unknown error, service down, maintenance of a WABA, server down, maintenance of migrations.
  ['unavailable', [131000, 131016, 131057, 133004, 2494100]],
  // [errors] 100 parameter; system_user_access_tokens: 3962 unknown permission name.
  ['invalid', [100, 3962]],
  // [whatsapp] about a message, a template, a number or a payment; repeating the same call does not help.
  ['invalid', [130403, 130472, 131008, 131009, 131021, 131026, 131037, 131042, 131045, 131047]],
  ['invalid', [131048, 131049, 131050, 131051, 131064, 133000, 133005, 133006, 133010, 135000]],
  // [whatsapp] number migration; 1752041 this customer is already being onboarded.
  ['invalid', [2388012, 2388091, 2388093, 2388103, 1752041]],
]

const KIND_OF_CODE: ReadonlyMap<number, GraphErrorKind> = new Map(
  CODES.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)),
)

export function kindOfCode(code: number, subcode: number | undefined): GraphErrorKind | undefined {
  // 100 with subcode 33 is Graph's "does not exist, or is not yours": seen in public test suites, on no Meta page.
  if (code === 100 && subcode === 33) return 'not-found'
  if (code >= 200 && code <= 299) return 'permission' // [errors]
  if (code >= 132000 && code <= 132069) return 'invalid' // [whatsapp] templates and flows
  return KIND_OF_CODE.get(code)
}
