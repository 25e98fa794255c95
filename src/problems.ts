import { gatewayProblem, type Problem, type ProblemCode } from './errors.ts'
import { GraphError, type GraphErrorKind } from './graph/error.ts'

const codes: Record<GraphErrorKind, ProblemCode> = {
  throttled: 'RATE_LIMITED',
  token: 'TOKEN_INVALID',
  permission: 'NOT_PERMITTED',
  'not-found': 'NOT_FOUND',
  invalid: 'UPSTREAM_REFUSED',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  timeout: 'UPSTREAM_UNAVAILABLE',
  network: 'UPSTREAM_UNAVAILABLE',
  malformed: 'UPSTREAM_UNAVAILABLE',
  'too-large': 'UPSTREAM_UNAVAILABLE',
  aborted: 'UPSTREAM_UNAVAILABLE',
  input: 'INVALID_INPUT',
}

export function problemCode(error: GraphError): ProblemCode {
  return error.outcomeUnknown ? 'OUTCOME_UNKNOWN' : codes[error.kind]
}

/** What Graph's refusal or failure is to the caller. */
export function toProblem(error: GraphError): Problem {
  if (error.outcomeUnknown)
    return gatewayProblem(
      'OUTCOME_UNKNOWN',
      'No definite answer came from Graph, and the change may have been made. Read the object before trying again.',
    )
  return {
    type: 'GraphApiProblem',
    code: codes[error.kind],
    message: error.message,
    retryable: error.transient,
    retryAfterSeconds: error.retryAfterSeconds ?? null,
    graphCode: error.code ?? null,
    graphSubcode: error.subcode ?? null,
    fbtraceId: error.fbtraceId ?? null,
    userTitle: error.userTitle ?? null,
    userMessage: error.userMessage ?? null,
  }
}

/** Runs a verb; what Graph fails with becomes a problem in its result. Other errors stay errors. */
export async function graphErrorsAsProblems<T>(verb: () => Promise<T>): Promise<T | Problem> {
  try {
    return await verb()
  } catch (error) {
    if (error instanceof GraphError) return toProblem(error)
    throw error
  }
}
