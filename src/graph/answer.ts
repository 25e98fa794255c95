import type { ZodType } from 'zod'
import { createRedactor } from '../redaction.ts'
import { isNestedDeeper, parseLossless } from '../lib/json.ts'
import { GraphError, type GraphErrorDetails, type GraphErrorKind, kindOfUnknown } from './error.ts'
import { removePagingLinks } from './paging.ts'
import type { HttpReply, HeaderBag } from './transport.ts'
import { type CodeRow, codeRowOf } from './code-table.ts'

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
  const row = codeRowOf({ code, subcode, text })
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

/** The seconds that an answer asks to wait; whose waits the usage headers name, only the call can tell. */
export function retryAfter(headers: HeaderBag): number | undefined {
  const text = [headers['retry-after'] ?? []].flat()[0] ?? ''
  return /^[0-9]{1,6}$/.test(text) ? Number(text) : undefined
}

const units: readonly (readonly [RegExp, number])[] = [
  [/^s/i, 1],
  [/^m/i, 60],
  [/^h/i, 3600],
  [/^d/i, 86_400],
]

/** The longest time that a text of Meta's asks to wait, in seconds; undefined when it names none. */
export function statedWait(text: string): number | undefined {
  const named = [...text.matchAll(/\b(\d{1,6}) ?(seconds?|secs?|minutes?|mins?|hours?|days?)\b/gi)]
  const waits = named.map(([, count, unit = '']) => {
    const [, seconds = 0] = units.find(([begins]) => begins.test(unit)) ?? []
    return Number(count) * seconds
  })
  return waits.length > 0 ? Math.max(...waits) : undefined
}

/** Graph's name of a call. On no page of Meta's: its own libraries read the id from this header. */
export function readTraceId(headers: HeaderBag): string | null {
  const [text] = [headers['x-fb-trace-id'] ?? []].flat()
  return text !== undefined && /^[A-Za-z0-9_+/=-]{1,100}$/.test(text) ? text : null
}

const SCAN_LIMIT = 4000
const KEEP = 1000

/** A foreign text made fit for messages and logs: one line, no credentials, 1000 characters at most. */
export function redact(text: string, secrets: readonly string[] = []): string {
  const clean = createRedactor({ secrets, mark: '[redacted]', unnamed: true })(cutAtWord(text))
  const line = clean.replace(/\p{Cc}+/gu, ' ')
  return line.length > KEEP ? `${line.slice(0, KEEP - 1)}…` : line
}

// Bounds the work, and leaves no half of a token that the patterns would no longer know.
function cutAtWord(text: string): string {
  if (text.length <= SCAN_LIMIT) return text
  const head = text.slice(0, SCAN_LIMIT)
  return `${head.slice(0, Math.max(head.lastIndexOf(' '), 0))}…`
}

/** Graph's answers have some ten levels. Whatever walks a value of a million would hold all others up for seconds. */
const mostLevels = 64

/**
 * Parses what Graph sends: ids keep every digit, also as bare numbers. A byte order mark is passed over. What is nested
 * deeper than anything of Graph's is not parsed.
 */
export function parseGraphJson(text: string): unknown {
  if (isNestedDeeper(text, mostLevels)) throw new SyntaxError('The answer is nested too deeply.')
  return parseLossless(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
