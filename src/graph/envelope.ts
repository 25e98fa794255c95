import { classify, GraphError, type GraphErrorKind } from './error.ts'
import { isRecord } from './json.ts'
import { redact } from './redact.ts'
import type { HeaderBag } from './usage.ts'
import { retryAfter } from './wait.ts'

export interface ErrorSurroundings {
  readonly httpStatus: number
  readonly headers: HeaderBag
  readonly secrets: readonly string[]
}

/** Reads Graph's error envelope, if the answer holds one; it counts whatever the HTTP status says. */
export function readEnvelope(answer: unknown, around: ErrorSurroundings): GraphError | null {
  const envelope = isRecord(answer) ? answer['error'] : undefined
  if (!isRecord(envelope)) return null
  const code = integer(envelope['code'])
  const subcode = integer(envelope['error_subcode'])
  const isTransient = envelope['is_transient'] === true
  const kind = classify(code, subcode, around.httpStatus, isTransient)
  const clean = (value: unknown) => (typeof value === 'string' ? redact(value, around.secrets) : undefined)
  return new GraphError(kind, sentence(kind, code, clean(envelope['message'])), {
    code,
    subcode,
    httpStatus: around.httpStatus,
    fbtraceId: clean(envelope['fbtrace_id'])?.slice(0, 100),
    userTitle: clean(envelope['error_user_title']),
    userMessage: clean(envelope['error_user_msg']),
    retryAfterSeconds: retryAfter(around.headers),
    // The hint can only add: a code that is worth another try stays so without it.
    transient: isTransient || undefined,
  })
}

function sentence(kind: GraphErrorKind, code: number | undefined, message: string | undefined): string {
  const number = code === undefined ? 'no code' : `code ${code}`
  return `${opening(kind)} (${number}): ${message ?? 'no message'}`
}

function opening(kind: GraphErrorKind): string {
  if (kind === 'throttled') return 'Graph asks to wait'
  if (kind === 'token') return 'Graph does not take the access token'
  return kind === 'unavailable' ? 'Graph could not do it now' : 'Graph refused the request'
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^[0-9]{1,10}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
