import type { HelpTopic } from '../errors/problem.ts'
import type { GraphErrorKind, WaitsFor } from './error.ts'

export interface CodeRow {
  /** A code, or the first and the last of many. */
  readonly code: number | readonly [first: number, last: number]
  /** With this subcode alone. */
  readonly subcode?: number
  /** Only where Graph's message or details say so: some codes have many texts. */
  readonly says?: RegExp
  readonly kind: GraphErrorKind
  readonly waitsFor: WaitsFor
  /** Whether the same call may succeed later, where the kind alone does not tell. */
  readonly retryable?: boolean
  /** How long to wait, where the answer does not tell. */
  readonly seconds?: number
  /** Graph says in words how long to wait. */
  readonly saysWhen?: true
  readonly help?: HelpTopic
  /** What to do, for a person; it goes behind Meta's own words. */
  readonly advice?: string
  /** What was asked for is so already. */
  readonly isDone?: true
  /** Nothing was begun, so that a write has certainly not happened. */
  readonly isDefinite?: true
}

type More = Omit<CodeRow, 'code' | 'subcode' | 'kind' | 'waitsFor'>

type Named = number | readonly [code: number, subcode: number]

const row = (named: Named, kind: GraphErrorKind, waitsFor: WaitsFor, more: More = {}): CodeRow =>
  typeof named === 'number'
    ? { code: named, kind, waitsFor, ...more }
    : { code: named[0], subcode: named[1], kind, waitsFor, ...more }

const rows = (
  codes: readonly number[],
  kind: GraphErrorKind,
  waitsFor: WaitsFor,
  more: More = {},
): CodeRow[] => codes.map((code) => row(code, kind, waitsFor, more))

const hour = 3600
const whatsapp = { help: 'whatsapp-errors' } as const
const registration = { help: 'registration' } as const
const coexistence = { help: 'coexistence' } as const
const signUpAgain = 'The customer signs up once more, and the new code is handed in.'
const takePart =
  'The customer disconnects in the WhatsApp Business app and signs up once more; then each kind of data is asked for once, ' +
  'within 24 hours.'

/**
 * Every code that the gateway knows. Sources, below developers.facebook.com:
 *   [errors]       docs/graph-api/guides/error-handling
 *   [limits]       docs/graph-api/overview/rate-limiting
 *   [versions]     docs/graph-api/guides/versioning
 *   [tokens]       docs/marketing-api/reference/business/system_user_access_tokens
 * and below documentation/business-messaging/whatsapp there:
 *   [whatsapp]     support/error-codes
 *   [registration] business-phone-numbers/registration
 *   [coexistence]  embedded-signup/onboarding-business-app-users
 *   [override]     webhooks/override
 *   [openapi]      github.com/facebook/openapi, business-messaging-api_v23.0.yaml
 *   [reported]     no page of Meta's: answers that third parties have recorded, in public test suites and notes
 */
export const codeTable: readonly CodeRow[] = [
  // Limits. [limits] app, user, page, custom; [errors] 341 application limit.
  ...rows([4, 17, 32, 341, 613], 'throttled', 'META', { help: 'limits' }),
  // [limits] 80008 WhatsApp Business Management. [whatsapp] 80007 an account, 130429 throughput, 131056 one pair of numbers.
  ...rows([80_007, 80_008, 130_429, 131_056], 'throttled', 'META', { help: 'limits' }),

  // Tokens. [whatsapp] 0; [errors] 102 session, 190 expired or invalid; [tokens] 452 session key.
  ...rows([0, 102, 190, 452], 'token', 'TOKEN', { help: 'tokens' }),
  // [errors] the app is no longer installed: whoever the token is of has removed it.
  row([190, 458], 'token', 'TOKEN', {
    help: 'tokens',
    advice: 'Whoever the token is of has removed the app: a customer signs up once more.',
  }),
  // [openapi] wrong proof or none, or no token: never the customer's doing.
  row(104, 'token', 'US', { help: 'tokens' }),

  // Permissions. [errors] 3 capability, 10 and 200-299 permission or eligibility.
  ...rows([3, 10], 'permission', 'US', { help: 'tokens' }),
  { code: [200, 299], kind: 'permission', waitsFor: 'US', help: 'tokens' },
  row(131_005, 'permission', 'US', whatsapp), // [whatsapp] access denied
  // [whatsapp] restricted, locked (or a wrong PIN), kept from some countries, payment terms not accepted: the owner appeals or accepts.
  ...rows([368, 131_031, 130_497, 134_011], 'permission', 'CUSTOMER', whatsapp),

  // What is not there. [openapi] 803 unknown object or alias; [reported] 100/33 does not exist, or is not ours.
  row(803, 'not-found', 'US'),
  row([100, 33], 'not-found', 'US'),
  row(33, 'not-found', null, whatsapp), // [whatsapp] the phone number was deleted

  // Graph itself. [errors] 1 unknown, 2 down or overloaded. [whatsapp] unknown, service down, registration server down.
  ...rows([1, 2], 'unavailable', 'META', { help: 'errors' }),
  ...rows([131_000, 131_016, 133_004], 'unavailable', 'META', whatsapp),
  // [whatsapp] maintenance, of an account and of migrations: nothing is begun.
  ...rows([131_057, 2_494_100], 'unavailable', 'META', { ...whatsapp, isDefinite: true }),

  // What was asked. [errors] 100 parameter; [reported] 2500 syntax or unknown path; [tokens] 3962 unknown permission name.
  ...rows([100, 2500, 3962], 'invalid', 'US', { help: 'errors' }),
  // [versions] the version in the path has ended.
  row(2635, 'invalid', 'US', {
    help: 'versions',
    advice: 'GRAPH_API_VERSION names a version that Meta no longer serves: set a newer one.',
  }),
  // The code of a signup. [reported] 36007 expired, 36009 used, 36008 another redirect_uri than it was made with.
  ...[36_007, 36_009].map((subcode) =>
    row([100, subcode], 'invalid', 'CUSTOMER', { help: 'signup', advice: signUpAgain }),
  ),
  row([100, 36_008], 'invalid', 'US', {
    help: 'signup',
    advice:
      '`redirectUri` differs from the one the dialog was opened with: hand the code in with that one, letter by letter. The ' +
      "SDK's pop-up has none.",
  }),
  // [override] the callback did not prove itself.
  row(2200, 'invalid', 'US', {
    help: 'webhooks',
    advice: 'The callback has to answer Meta with the challenge, for the verify token that was given.',
  }),

  // Numbers. [whatsapp] an earlier deregistration failed; not registered.
  row(133_000, 'invalid', 'US', { ...whatsapp, advice: 'Deregister the number again, then register it.' }),
  ...rows([131_045, 133_010], 'invalid', 'US', { ...whatsapp, advice: 'Register the number first.' }),
  // [whatsapp] wrong PIN: it is the owner's.
  row(133_005, 'invalid', 'CUSTOMER', whatsapp),
  // [whatsapp] the number has to be verified before it is registered.
  row(133_006, 'invalid', 'US', { ...whatsapp, advice: 'Request a new code and verify the number with it.' }),
  // [whatsapp] PIN tried too often, or too fast: `details` has the time.
  ...rows([133_008, 133_009], 'throttled', 'META', { ...whatsapp, saysWhen: true }),
  row(133_015, 'throttled', 'META', { ...whatsapp, seconds: 300 }), // [whatsapp] deleted a moment ago
  row(133_016, 'throttled', 'META', { ...registration, seconds: 72 * hour }), // [registration] ten in 72 hours
  // [reported] no code is sent: to a verified number, and with this subcode to one that has to wait.
  row(136_024, 'invalid', null, {
    ...registration,
    isDone: true,
    advice: 'A number that is verified needs no code.',
  }),
  row([136_024, 2_388_091], 'throttled', 'META', { ...registration, saysWhen: true }),
  row(136_025, 'invalid', 'US', { ...registration, advice: 'Hand in the code that came last.' }), // [reported] wrong code

  // Moving numbers. [whatsapp] already there; no code needed where nothing is moved.
  row(2_388_012, 'invalid', null, { ...whatsapp, isDone: true }),
  ...rows([2_388_091, 2_388_093], 'invalid', null, whatsapp),
  // [whatsapp] one code with ten texts; of their words these tell whose turn it is.
  ...movingTexts(),
  row(2_388_103, 'invalid', 'US', whatsapp),
  // [whatsapp] another partner has asked for the same: its accounts come along.
  row(1_752_041, 'invalid', null, { ...whatsapp, isDone: true }),

  // Coexistence. [coexistence] data asked for twice, or later than 24 hours; the customer does not share it.
  ...rows([2_593_107, 2_593_108], 'invalid', 'CUSTOMER', { ...coexistence, advice: takePart }),
  row(2_593_109, 'invalid', 'CUSTOMER', coexistence),
  row(131_060, 'invalid', null, coexistence), // [whatsapp] a message that coexistence does not bring

  // [whatsapp] payment: the line is not set, over its limit or inactive; currency or time zone are not set.
  row(131_042, 'invalid', 'US', {
    ...whatsapp,
    advice: 'The credit line, or the card on the account, has to be put right.',
  }),
  row(131_037, 'invalid', 'META', whatsapp), // [whatsapp] the display name is not approved yet
  row(131_063, 'invalid', 'US', whatsapp), // [whatsapp] marketing templates are switched off for the account
  row(131_049, 'invalid', 'META', { ...whatsapp, retryable: true, seconds: 24 * hour }), // [whatsapp] enough for a day
  // [whatsapp] about a message or its receiver; the same call again does not help.
  ...rows([130_403, 130_472, 131_008, 131_009, 131_021, 131_026, 131_047], 'invalid', 'US', whatsapp),
  ...rows([131_048, 131_050, 131_051, 131_064, 135_000], 'invalid', 'US', whatsapp),
  { code: [132_000, 132_069], kind: 'invalid', waitsFor: 'US', ...whatsapp }, // [whatsapp] templates and flows
]

function movingTexts(): readonly CodeRow[] {
  const says = (words: RegExp, waitsFor: WaitsFor, advice?: string): CodeRow =>
    row(2_388_103, 'invalid', waitsFor, { ...whatsapp, says: words, ...(advice !== undefined && { advice }) })
  return [
    row(2_388_103, 'unavailable', 'META', {
      ...whatsapp,
      says: /temporar|try again later/i,
      isDefinite: true,
    }),
    says(/payment|credit line/i, 'US', 'Share credit with the destination first, then move the number.'),
    says(/webhook|subscri/i, 'US', 'Subscribe the app to the destination first, then move the number.'),
    says(/added directly/i, 'US', 'Add the number to the account as a new one.'),
    says(/display name/i, 'META'),
    says(/(?:another|different|other) business|on behalf|messaging for/i, 'CUSTOMER'),
    says(/not (?:been )?approved|must be approved|review/i, 'META'),
  ]
}

interface Said {
  readonly code: number | undefined
  readonly subcode?: number | undefined
  /** Graph's message and details. */
  readonly text?: string
}

/** From here on a number is a code of its own wherever it stands: Graph puts many of them into `error_subcode`. */
const leastLongCode = 1_000_000

/** The row of the table that an error belongs to: code and subcode decide, and of several with both the text. */
export function codeRowOf({ code, subcode, text = '' }: Said): CodeRow | undefined {
  if (code === undefined) return undefined
  const fits = (row: CodeRow): boolean => row.says?.test(text) ?? true
  const ofPair = codeTable.filter((row) => row.code === code && row.subcode === subcode)
  const pair = subcode === undefined ? undefined : ofPair.find(fits)
  const long = subcode !== undefined && subcode >= leastLongCode ? plainRow(subcode, fits) : undefined
  return pair ?? long ?? plainRow(code, fits)
}

const plainRow = (code: number, fits: (row: CodeRow) => boolean): CodeRow | undefined =>
  codeTable.find((row) => row.subcode === undefined && holds(row.code, code) && fits(row))

const holds = (named: CodeRow['code'], code: number): boolean =>
  typeof named === 'number' ? named === code : code >= named[0] && code <= named[1]
