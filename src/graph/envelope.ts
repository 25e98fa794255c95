import type { CodeRow } from './code-table.ts'
import { rowOf } from './codes.ts'
import { GraphError, kindOfUnknown, type GraphErrorKind } from './error.ts'
import { isRecord } from './json.ts'
import { redact } from './redact.ts'
import { statedWait } from './stated-wait.ts'
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
  const { httpStatus, headers } = around
  const words = wordsIn(envelope, around.secrets)
  const { message, details, userMessage } = words
  const [code, subcode] = [integer(envelope['code']), integer(envelope['error_subcode'])]
  const text = [message, details, userMessage].join(' ')
  const row = rowOf({ code, subcode, text })
  const isTransient = envelope['is_transient'] === true
  const kind = row?.kind ?? kindOfUnknown(httpStatus, isTransient)
  return new GraphError(kind, sentence(kind, row, { code, subcode, message }), {
    ...words,
    code,
    subcode,
    httpStatus,
    retryAfterSeconds: retryAfter(headers) ?? waitOf(row, text),
    // The hint can only add: a code that is worth another try stays so without it.
    transient: isTransient || row?.retryable,
    waitsFor: row?.waitsFor,
    help: row?.help,
    isDone: row?.isDone,
    isDefinite: row?.isDefinite,
  })
}

/** Meta's own words, without what no message may repeat. */
function wordsIn(envelope: Readonly<Record<string, unknown>>, secrets: readonly string[]) {
  const clean = (value: unknown) => (typeof value === 'string' ? redact(value, secrets) : undefined)
  return {
    message: clean(envelope['message']),
    details: clean(detailsIn(envelope['error_data'])),
    userTitle: clean(envelope['error_user_title']),
    userMessage: clean(envelope['error_user_msg']),
    fbtraceId: clean(envelope['fbtrace_id'])?.slice(0, 100),
  }
}

/** Cloud API sends `{"messaging_product","details"}`, other parts of Graph a text at times, or something else. */
function detailsIn(data: unknown): unknown {
  return isRecord(data) ? data['details'] : data
}

function waitOf(row: CodeRow | undefined, text: string): number | undefined {
  return (row?.saysWhen ? statedWait(text) : undefined) ?? row?.seconds
}

interface Numbered {
  readonly code: number | undefined
  readonly subcode: number | undefined
  readonly message: string | undefined
}

function sentence(
  kind: GraphErrorKind,
  row: CodeRow | undefined,
  { code, subcode, message = 'no message' }: Numbered,
): string {
  const number = code === undefined ? 'no code' : `code ${code}`
  const numbers = subcode === undefined ? number : `${number}, subcode ${subcode}`
  const words = `${row?.isDone ? 'Graph has nothing to do' : opening(kind)} (${numbers}): ${message}`
  if (row?.advice === undefined) return words
  return `${words}${/[.!?…]$/.test(message) ? '' : '.'} ${row.advice}`
}

function opening(kind: GraphErrorKind): string {
  if (kind === 'throttled') return 'Graph asks to wait'
  if (kind === 'token') return 'Graph does not take the access token'
  return kind === 'unavailable' ? 'Graph could not do it now' : 'Graph refused the request'
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^[0-9]{1,10}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Math.abs(number) < 2 ** 31 && Number.isInteger(number)
    ? number
    : undefined
}
