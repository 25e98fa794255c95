import type { ZodType } from 'zod'
import { readEnvelope } from './envelope.ts'
import { GraphError, type GraphErrorDetails, type GraphErrorKind } from './error.ts'
import { isRecord, parseGraphJson } from './json.ts'
import { removePagingLinks } from './paging.ts'
import { redact } from './redact.ts'
import type { HttpReply } from './transport.ts'
import { retryAfter } from './wait.ts'

/** Turns a reply into the value that was asked for, or into the error that it is. */
export function readAnswer<T>(reply: HttpReply, expect: ZodType<T>, secrets: readonly string[]): T {
  const answer = parseBody(reply.text)
  const refusal = judgeReply(answer, reply, secrets)
  if (refusal !== null) throw refusal
  if (isDeclined(answer)) throw new GraphError('declined', declined, { httpStatus: reply.status })
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) {
    throw new GraphError('malformed', "Graph's answer is not a JSON object.", { httpStatus: reply.status })
  }
  if (/"(?:next|previous)"/.test(reply.text)) removePagingLinks(answer)
  return matchShape(answer, expect, reply.status)
}

// Booleans are strings at times: the guide on system user tokens shows `{"success":"true"}`.
const isDeclined = (answer: unknown): boolean =>
  isRecord(answer) && (answer['success'] === false || answer['success'] === 'false')

const declined =
  'Graph has not done it, and says no more than `"success": false`. The same request may be sent again at once.'

/** What the reply refuses, by Graph's own words or by its status. */
export function judgeReply(answer: unknown, reply: HttpReply, secrets: readonly string[]): GraphError | null {
  const around = { httpStatus: reply.status, headers: reply.headers, secrets }
  return readEnvelope(answer, around) ?? judgeStatus(reply)
}

// The label is not looked at: Graph calls its JSON text/javascript at times.
export function parseBody(text: string): unknown {
  try {
    return parseGraphJson(text)
  } catch {
    return undefined
  }
}

/** What a status means that comes without Graph's own words, from a proxy or a page for people. */
function judgeStatus({ status, headers }: HttpReply): GraphError | null {
  if (status >= 200 && status < 300) return null
  const fail = (kind: GraphErrorKind, message: string, details: GraphErrorDetails = {}) =>
    new GraphError(kind, message, {
      httpStatus: status,
      retryAfterSeconds: retryAfter(headers),
      ...details,
    })
  if (status >= 500) return fail('unavailable', `Graph is not available (HTTP ${status}).`)
  if (status === 429) return fail('throttled', 'Graph asks to wait (HTTP 429).')
  const what = status < 400 ? 'redirects, which is never followed' : 'answered, but not as Graph does'
  return fail('malformed', `The address of Graph ${what} (HTTP ${status}).`, { transient: false })
}

// Names the place and the rule, never the value; another try would bring the same shape.
function matchShape<T>(answer: object, expect: ZodType<T>, httpStatus: number): T {
  const result = expect.safeParse(answer)
  if (result.success) return result.data
  const places = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'answer'} (${issue.code})`)
  const message = `Graph's answer has an unexpected shape at ${redact(places.join(', '))}.`
  throw new GraphError('malformed', message, { httpStatus, transient: false })
}
