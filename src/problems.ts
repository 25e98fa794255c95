import { gatewayProblem, type Problem, type ProblemCode } from './errors.ts'
import { StoreUnavailable } from './events/log.ts'
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

// How long a code stands where Graph gives no time. Meta's page "Business phone numbers, registration": after 133016 a
// number can be registered again in 72 hours.
const secondsByCode: ReadonlyMap<number, number> = new Map([[133_016, 72 * 3600]])

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
    retryAfterSeconds: error.retryAfterSeconds ?? secondsByCode.get(error.code ?? 0) ?? null,
    graphCode: error.code ?? null,
    graphSubcode: error.subcode ?? null,
    fbtraceId: error.fbtraceId ?? null,
    userTitle: error.userTitle ?? null,
    userMessage: error.userMessage ?? null,
  }
}

// Whatever is sent stands in the store before: a write that the store does not take has not left.
const storeUnavailable = gatewayProblem(
  'STORE_UNAVAILABLE',
  "The gateway's store takes nothing at the moment, and a change that is not on record is not sent to Graph. " +
    'Ask again later.',
  true,
)

/** Runs a verb; what Graph or the store fails with becomes a problem in its result. Other errors stay errors. */
export async function graphErrorsAsProblems<T>(verb: () => Promise<T>): Promise<T | Problem> {
  try {
    return await verb()
  } catch (error) {
    if (error instanceof GraphError) return toProblem(error)
    if (error instanceof StoreUnavailable) return storeUnavailable
    throw error
  }
}
