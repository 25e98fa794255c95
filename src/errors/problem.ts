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

/** Who can bring something on. */
export type Party = 'US' | 'PARTNER' | 'CUSTOMER' | 'META'

interface Common {
  readonly code: ProblemCode
  readonly message: string
  readonly retryable: boolean
  readonly retryAfterSeconds: number | null
}

export interface InvalidInputProblem extends Common {
  readonly type: 'InvalidInputProblem'
  readonly path: readonly string[]
}

export interface GraphApiProblem extends Common, Said {
  readonly type: 'GraphApiProblem'
  readonly userTitle: string | null
  readonly userMessage: string | null
  /** `error_data.details`; missing, as is the next one, in what older versions have put on record. */
  readonly details?: string | null
  readonly remedy?: RemedyHint
}

export interface GatewayProblem extends Common {
  readonly type: 'GatewayProblem'
  /** Where the code alone does not tell. */
  readonly remedy?: RemedyHint
  /** What Graph said last, of a write whose outcome is unknown; missing when it said nothing. */
  readonly said?: Said
}

/** What names an answer of Graph's. */
export interface Said {
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly fbtraceId: string | null
}

/** Pages of Meta's, by what they are about. */
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
export type Problem = InvalidInputProblem | GraphApiProblem | GatewayProblem

export function invalidInput(path: readonly string[], message: string): InvalidInputProblem {
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

/** `what`: what each of the apps could. */
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
): GatewayProblem {
  const hint = remedy === undefined ? {} : { remedy }
  return { type: 'GatewayProblem', code, message, retryable, retryAfterSeconds: null, ...hint }
}
