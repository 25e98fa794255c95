import type { GraphErrorKind } from '../../../src/graph/error.ts'
import type { Party, ProblemCode } from '../../../src/errors/problem.ts'

/** An answer of Graph's, and what the caller is to be told of it. */
export interface Row {
  readonly code: number
  readonly subcode?: number
  readonly status: number
  readonly text: string
  readonly kind: GraphErrorKind
  readonly problem: ProblemCode
  readonly retryable: boolean
  readonly seconds: number | null
  /** With a customer's token. */
  readonly waitsFor: Party | null
  /** With a token of our own. */
  readonly withOurs: Party | null
}

type More = Partial<Pick<Row, 'text' | 'retryable' | 'seconds' | 'withOurs' | 'problem'>>
type Named = number | readonly [code: number, subcode: number]

const problems: Partial<Record<GraphErrorKind, ProblemCode>> = {
  throttled: 'RATE_LIMITED',
  token: 'TOKEN_INVALID',
  permission: 'NOT_PERMITTED',
  'not-found': 'NOT_FOUND',
  invalid: 'UPSTREAM_REFUSED',
  unavailable: 'UPSTREAM_UNAVAILABLE',
}

function row(
  named: Named,
  status: number,
  kind: GraphErrorKind,
  waitsFor: Party | null,
  more: More = {},
): Row {
  const [code, subcode] = typeof named === 'number' ? [named, undefined] : named
  return {
    code,
    ...(subcode !== undefined && { subcode }),
    status,
    kind,
    waitsFor,
    text: `(#${code}) What Meta says of it`,
    problem: problems[kind] as ProblemCode,
    retryable: kind === 'throttled' || kind === 'unavailable',
    seconds: null,
    withOurs: waitsFor,
    ...more,
  }
}

const done = { problem: 'WRONG_STATE' } as const
const ours = { withOurs: 'US' } as const

/** Every code with its subcodes, one row each: what Meta's pages and people who do this job say of it. */
export const codeRows: readonly Row[] = [
  row(0, 401, 'token', 'CUSTOMER', ours),
  row(102, 400, 'token', 'CUSTOMER', ours),
  row(190, 401, 'token', 'CUSTOMER', ours),
  row([190, 458], 401, 'token', 'CUSTOMER', ours),
  row([190, 459], 401, 'token', 'CUSTOMER', ours),
  row([190, 460], 401, 'token', 'CUSTOMER', ours),
  row([190, 463], 401, 'token', 'CUSTOMER', ours),
  row([190, 464], 401, 'token', 'CUSTOMER', ours),
  row([190, 467], 401, 'token', 'CUSTOMER', ours),
  row([190, 492], 401, 'token', 'CUSTOMER', ours),
  row(452, 400, 'token', 'CUSTOMER', ours),
  row(104, 400, 'token', 'US'),

  row(3, 400, 'permission', 'US'),
  row(10, 403, 'permission', 'US'),
  row(200, 403, 'permission', 'US'),
  row(230, 403, 'permission', 'US'),
  row(299, 403, 'permission', 'US'),
  row(131005, 403, 'permission', 'US'),
  row(368, 403, 'permission', 'CUSTOMER'),
  row(130497, 403, 'permission', 'CUSTOMER'),
  row(131031, 403, 'permission', 'CUSTOMER'),
  row(134011, 403, 'permission', 'CUSTOMER'),

  row(33, 400, 'not-found', null),
  row([100, 33], 400, 'not-found', 'US'),
  row(803, 404, 'not-found', 'US'),

  row(4, 400, 'throttled', 'META'),
  row(17, 400, 'throttled', 'META'),
  row([17, 2446079], 400, 'throttled', 'META'),
  row(32, 400, 'throttled', 'META'),
  row(341, 400, 'throttled', 'META'),
  row(613, 400, 'throttled', 'META'),
  row([613, 1996], 400, 'throttled', 'META'),
  row(80007, 429, 'throttled', 'META'),
  row([80007, 2446079], 429, 'throttled', 'META'),
  row(80008, 400, 'throttled', 'META'),
  row(130429, 429, 'throttled', 'META'),
  row(131056, 400, 'throttled', 'META'),
  row(133008, 400, 'throttled', 'META', { text: 'Too many PIN tries: wait 10 minutes', seconds: 600 }),
  row(133008, 400, 'throttled', 'META'),
  row(133009, 400, 'throttled', 'META', { text: 'Too fast, come back in 45 seconds', seconds: 45 }),
  row(133015, 400, 'throttled', 'META', { seconds: 300 }),
  row(133016, 400, 'throttled', 'META', { seconds: 259_200 }),
  row([136024, 2388091], 400, 'throttled', 'META', { text: 'Request code error' }),

  row(1, 500, 'unavailable', 'META'),
  row(2, 503, 'unavailable', 'META'),
  row(131000, 500, 'unavailable', 'META'),
  row(131016, 500, 'unavailable', 'META'),
  row(131057, 500, 'unavailable', 'META'),
  row(133004, 503, 'unavailable', 'META'),
  row(2494100, 400, 'unavailable', 'META'),
  row([100, 2494100], 400, 'unavailable', 'META'),

  row(100, 400, 'invalid', 'US'),
  // Root `?ids=` since 2026-10-27.
  row(100, 500, 'invalid', 'US', { text: '(#100) Multi-ID requests are not supported: ids' }),
  row([100, 36007], 400, 'invalid', 'CUSTOMER', { text: 'This authorization code has expired.' }),
  row([100, 36008], 400, 'invalid', 'US', { text: 'Error validating verification code' }),
  row([100, 36009], 400, 'invalid', 'CUSTOMER', { text: 'This authorization code has been used.' }),
  row(2200, 400, 'invalid', 'US'),
  row(2500, 400, 'invalid', 'US'),
  row(2635, 400, 'invalid', 'US'),
  row(3962, 400, 'invalid', 'US'),
  row(130403, 400, 'invalid', 'US'),
  row(130472, 400, 'invalid', 'US'),
  row(131008, 400, 'invalid', 'US'),
  row(131009, 400, 'invalid', 'US'),
  row(131021, 400, 'invalid', 'US'),
  row(131026, 400, 'invalid', 'US'),
  row(131037, 400, 'invalid', 'META'),
  row(131042, 400, 'invalid', 'US'),
  row(131045, 500, 'invalid', 'US'),
  row(131047, 400, 'invalid', 'US'),
  row(131048, 400, 'invalid', 'US'),
  row(131049, 400, 'invalid', 'META', { retryable: true, seconds: 86_400 }),
  row(131050, 400, 'invalid', 'US'),
  row(131051, 400, 'invalid', 'US'),
  row(131060, 400, 'invalid', null),
  row(131063, 400, 'invalid', 'US'),
  row(131064, 400, 'invalid', 'US'),
  row(132000, 400, 'invalid', 'US'),
  row(132069, 400, 'invalid', 'US'),
  row(133000, 500, 'invalid', 'US'),
  row(133005, 400, 'invalid', 'CUSTOMER'),
  row(133006, 400, 'invalid', 'US'),
  row(133010, 400, 'invalid', 'US'),
  row(135000, 400, 'invalid', 'US'),
  row(136024, 400, 'invalid', null, done),
  row(136025, 400, 'invalid', 'US'),
  row(1752041, 400, 'invalid', null, done),
  row([100, 1752041], 400, 'invalid', null, done),
  row(2388012, 400, 'invalid', null, done),
  row([100, 2388012], 400, 'invalid', null, done),
  row(2388091, 400, 'invalid', null),
  row([100, 2388091], 400, 'invalid', null),
  row(2388093, 400, 'invalid', null),
  row(2593107, 400, 'invalid', 'CUSTOMER'),
  row([100, 2593107], 400, 'invalid', 'CUSTOMER'),
  row(2593108, 400, 'invalid', 'CUSTOMER'),
  row(2593109, 400, 'invalid', 'CUSTOMER'),

  // One code, ten texts: none of them is Meta's own here.
  row(2388103, 400, 'invalid', 'US'),
  row([100, 2388103], 400, 'invalid', 'US', { text: 'The destination has no payment account.' }),
  row([100, 2388103], 400, 'invalid', 'US', { text: 'Webhooks of the destination are not set up.' }),
  row([100, 2388103], 400, 'invalid', 'US', { text: 'This number can be added directly.' }),
  row([100, 2388103], 400, 'invalid', 'META', { text: 'The display name of the number must be approved.' }),
  row([100, 2388103], 400, 'invalid', 'CUSTOMER', { text: 'The number is of another business.' }),
  row([100, 2388103], 400, 'invalid', 'META', { text: 'The source has not been approved.' }),
  row([100, 2388103], 400, 'unavailable', 'META', { text: 'A temporary trouble, try again later.' }),
]

export const nameOf = ({ code, subcode, status, text }: Row): string =>
  `${code}${subcode === undefined ? '' : `/${subcode}`} with HTTP ${status}${text.startsWith('(#') ? '' : `, "${text}"`}`

/** As it comes over the wire. */
export const bodyOf = ({ code, subcode, text }: Row): object => ({
  error: {
    message: text,
    type: 'OAuthException',
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    error_user_title: 'A title for people',
    error_user_msg: 'A sentence for people.',
    error_data: { messaging_product: 'whatsapp', details: 'What was wrong with it' },
    fbtrace_id: 'AInventedTrace01',
  },
})
