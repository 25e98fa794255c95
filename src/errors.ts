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

export interface GraphApiProblem extends Common {
  readonly type: 'GraphApiProblem'
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly fbtraceId: string | null
  readonly userTitle: string | null
  readonly userMessage: string | null
}

export interface GatewayProblem extends Common {
  readonly type: 'GatewayProblem'
  /** Where the code alone does not tell. */
  readonly waitsFor?: Party
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

export function gatewayProblem(
  code: ProblemCode,
  message: string,
  retryable = false,
  waitsFor?: Party,
): GatewayProblem {
  const turn = waitsFor === undefined ? {} : { waitsFor }
  return { type: 'GatewayProblem', code, message, retryable, retryAfterSeconds: null, ...turn }
}
