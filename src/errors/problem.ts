/** Codes of expected failures, as clients see them. */
export const problemCodes = [
  'INVALID_INPUT',
  'NOT_FOUND',
  'NOT_PERMITTED',
  'WRONG_STATE',
  'CONFLICT',
  'RATE_LIMITED',
  'TOKEN_INVALID',
  'UPSTREAM_REFUSED',
  'UPSTREAM_UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'STORE_UNAVAILABLE',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** Whose turn it is. */
export type Party = 'US' | 'PARTNER' | 'CUSTOMER' | 'META'

interface Common {
  readonly code: ProblemCode
  readonly message: string
  readonly retryable: boolean
  readonly retryAfterSeconds: number | null
}

export interface InvalidInputProblemType extends Common {
  readonly type: 'InvalidInputProblem'
  readonly path: readonly string[]
}

export interface GraphApiProblemType extends Common, Said {
  readonly type: 'GraphApiProblem'
  readonly userTitle: string | null
  readonly userMessage: string | null
  /** `error_data.details`. Missing, like `remedy`, in problems that older versions have recorded. */
  readonly details?: string | null
  readonly remedy?: RemedyHint
}

export interface GatewayProblemType extends Common {
  readonly type: 'GatewayProblem'
  /** Where the code alone does not decide it. */
  readonly remedy?: RemedyHint
  /** Graph's last answer to a write whose outcome is unknown; missing when there was none. */
  readonly said?: Said
}

/** What identifies an answer of Graph. */
export interface Said {
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly fbtraceId: string | null
}

/** Meta's pages, by topic. */
export type HelpTopic =
  | 'solutions'
  | 'registration'
  | 'credit'
  | 'verification'
  | 'webhooks'
  | 'signup'
  | 'coexistence'
  | 'errors'
  | 'whatsapp-errors'
  | 'limits'
  | 'tokens'
  | 'versions'

export interface RemedyHint {
  /** Null when it is nobody's turn. */
  readonly waitsFor?: Party | null
  readonly help?: HelpTopic
}

/** An expected failure: data for the caller, never an exception. */
export type Problem = InvalidInputProblemType | GraphApiProblemType | GatewayProblemType

export const problemTypes: readonly Problem['type'][] = [
  'InvalidInputProblem',
  'GraphApiProblem',
  'GatewayProblem',
]

export function invalidInput(path: readonly string[], message: string): InvalidInputProblemType {
  return {
    type: 'InvalidInputProblem',
    code: 'INVALID_INPUT',
    message,
    retryable: false,
    retryAfterSeconds: null,
    path,
  }
}

export const noSuchApp = invalidInput(['input', 'appId'], 'The gateway holds no such app for this caller.')

/** `what` says what each of the apps could do. */
export const severalApps = (apps: readonly { readonly appId: string }[], what: string): Problem =>
  invalidInput(
    ['input', 'appId'],
    `Apps ${apps.map(({ appId }) => appId).join(' and ')} ${what}: say which one acts with \`appId\`.`,
  )

export function gatewayProblem(
  code: ProblemCode,
  message: string,
  retryable = false,
  remedy?: RemedyHint,
): GatewayProblemType {
  const hint = remedy === undefined ? {} : { remedy }
  return { type: 'GatewayProblem', code, message, retryable, retryAfterSeconds: null, ...hint }
}

export interface Remedy {
  /** Null when it is nobody's turn, or unknown. */
  readonly waitsFor: Party | null
  /** Meta's page about it. */
  readonly help: string | null
}

const meta = 'https://developers.facebook.com'
const whatsapp = `${meta}/documentation/business-messaging/whatsapp`
const pages: Record<HelpTopic, string> = {
  solutions: `${whatsapp}/solution-providers/multi-partner-solutions`,
  registration: `${whatsapp}/business-phone-numbers/registration`,
  credit: `${whatsapp}/solution-providers/share-and-revoke-credit-lines`,
  verification: `${whatsapp}/solution-providers/partner-led-business-verification`,
  webhooks: `${whatsapp}/webhooks/override`,
  signup: `${whatsapp}/embedded-signup/errors`,
  coexistence: `${whatsapp}/embedded-signup/onboarding-business-app-users`,
  errors: `${meta}/docs/graph-api/guides/error-handling`,
  'whatsapp-errors': `${whatsapp}/support/error-codes`,
  limits: `${meta}/docs/graph-api/overview/rate-limiting`,
  tokens: `${whatsapp}/access-tokens`,
  versions: `${meta}/docs/graph-api/guides/versioning`,
}

/** Meta's page about it. */
export const helpPage = (topic: HelpTopic): string => pages[topic]

/** By code, for problems that say no more. */
const byCode: Record<ProblemCode, { readonly waitsFor: Party; readonly help: HelpTopic | null }> = {
  INVALID_INPUT: { waitsFor: 'US', help: null },
  NOT_FOUND: { waitsFor: 'US', help: null },
  NOT_PERMITTED: { waitsFor: 'US', help: 'tokens' },
  WRONG_STATE: { waitsFor: 'US', help: null },
  CONFLICT: { waitsFor: 'US', help: null },
  RATE_LIMITED: { waitsFor: 'META', help: 'limits' },
  TOKEN_INVALID: { waitsFor: 'US', help: 'tokens' },
  UPSTREAM_REFUSED: { waitsFor: 'US', help: 'errors' },
  UPSTREAM_UNAVAILABLE: { waitsFor: 'META', help: null },
  OUTCOME_UNKNOWN: { waitsFor: 'US', help: null },
  STORE_UNAVAILABLE: { waitsFor: 'US', help: null },
}

/** For a solution in another state: the caller has nothing to do. */
export const remedyOfSolution: Remedy = { waitsFor: null, help: pages.solutions }

type Remediable = Pick<GatewayProblemType | GraphApiProblemType, 'code' | 'remedy'> | InvalidInputProblemType

/** Whose turn it is with a problem, and where to read about it. What the problem says itself wins. */
export function remedyOf(problem: Remediable): Remedy {
  const hint = ('remedy' in problem ? problem.remedy : undefined) ?? {}
  const { waitsFor, help } = byCode[problem.code]
  const topic = hint.help ?? help
  return {
    waitsFor: hint.waitsFor === undefined ? waitsFor : hint.waitsFor,
    help: topic === null ? null : pages[topic],
  }
}
