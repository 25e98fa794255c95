import {
  gatewayProblem,
  type HelpTopic,
  type Party,
  type Problem,
  type ProblemCode,
  type RemedyHint,
  type Said,
} from './errors/problem.ts'
import { StoreUnavailable } from './events/log.ts'
import { GraphError, type GraphErrorKind } from './graph/error.ts'

const codes: Record<GraphErrorKind, ProblemCode> = {
  throttled: 'RATE_LIMITED',
  token: 'TOKEN_INVALID',
  permission: 'NOT_PERMITTED',
  'not-found': 'NOT_FOUND',
  invalid: 'UPSTREAM_REFUSED',
  declined: 'UPSTREAM_REFUSED',
  unavailable: 'UPSTREAM_UNAVAILABLE',
  timeout: 'UPSTREAM_UNAVAILABLE',
  network: 'UPSTREAM_UNAVAILABLE',
  malformed: 'UPSTREAM_UNAVAILABLE',
  'too-large': 'UPSTREAM_UNAVAILABLE',
  aborted: 'UPSTREAM_UNAVAILABLE',
  input: 'INVALID_INPUT',
}

/** A refusal or failure of Graph as the caller sees it. */
export function toProblem(error: GraphError): Problem {
  if (error.outcomeUnknown)
    return withSaid(
      gatewayProblem(
        'OUTCOME_UNKNOWN',
        'No definite answer came from Graph, and the change may have been made. Read the object before trying again.',
      ),
      saidBy(error),
    )
  return {
    type: 'GraphApiProblem',
    code: error.isDone ? 'WRONG_STATE' : codes[error.kind],
    message: error.message,
    retryable: error.transient,
    retryAfterSeconds: error.retryAfterSeconds ?? null,
    ...saidBy(error),
    userTitle: error.userTitle ?? null,
    userMessage: error.userMessage ?? null,
    details: error.details ?? null,
    remedy: hintOf(error),
  }
}

/** What identifies Graph's answer, for Meta's support. */
export const saidBy = ({ code, subcode, fbtraceId }: GraphError): Said => ({
  graphCode: code ?? null,
  graphSubcode: subcode ?? null,
  fbtraceId: fbtraceId ?? null,
})

/** Graph's answer behind a problem, if there was one. */
export function saidOf(problem: Problem): Said {
  if (problem.type === 'GraphApiProblem') return problem
  return (problem.type === 'GatewayProblem' ? problem.said : undefined) ?? nothing
}

const nothing: Said = { graphCode: null, graphSubcode: null, fbtraceId: null }

/** Adds Graph's last answer to a problem, if there was one. */
export function withSaid<P extends Problem>(problem: P, said: Said | undefined): P {
  const names = said && (said.graphCode ?? said.fbtraceId) !== null
  return names && problem.type === 'GatewayProblem' ? { ...problem, said } : problem
}

function hintOf(error: GraphError): RemedyHint {
  const [waitsFor, help] = [turnOf(error), error.help ?? helpWithUnknown(error)]
  return { ...(waitsFor !== undefined && { waitsFor }), ...(help && { help }) }
}

/** Codes from here on are WhatsApp's and have a page of their own. */
const leastWhatsappCode = 130_000

function helpWithUnknown({ code, kind }: GraphError): HelpTopic | undefined {
  if (code === undefined || kind === 'throttled' || kind === 'token') return undefined
  return code < leastWhatsappCode ? 'errors' : 'whatsapp-errors'
}

/** Whose turn it is by the error itself; undefined where its kind decides. */
function turnOf({ kind, waitsFor = kind === 'token' ? 'TOKEN' : undefined, tokenKind }: GraphError) {
  if (waitsFor !== 'TOKEN') return waitsFor
  // The code of a signup stands for the customer's token as long as there is none.
  if (tokenKind === 'business' || tokenKind === 'none') return 'CUSTOMER' satisfies Party
  // A person at a Tech Provider has logged in with it.
  return (tokenKind === 'user' ? 'PARTNER' : 'US') satisfies Party
}

// A write is recorded before it is sent, so one that the store does not take has not been sent.
const storeUnavailable = gatewayProblem(
  'STORE_UNAVAILABLE',
  "The gateway's store takes nothing at the moment, and a change that is not on record is not sent to Graph. " +
    'Ask again later.',
  true,
)

/** Runs a verb. Failures of Graph and the store become a problem in its result; other errors are thrown. */
export async function graphErrorsAsProblems<T>(verb: () => Promise<T>): Promise<T | Problem> {
  try {
    return await verb()
  } catch (error) {
    if (error instanceof GraphError) return toProblem(error)
    if (error instanceof StoreUnavailable) return storeUnavailable
    throw error
  }
}
