import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { Pool, type Dispatcher, errors } from 'undici'
import type { Deadline } from './deadline.ts'
import type { GraphMethod } from './endpoint.ts'
import { GraphError } from './error.ts'

export type HeaderBag = Readonly<Record<string, string | readonly string[] | undefined>>

/** What follows the headers of a request. */
export interface Payload {
  readonly type: string
  readonly bytes: string | Uint8Array
}

export interface HttpRequest {
  readonly method: GraphMethod
  readonly target: string
  /** Null when the call is not signed. */
  readonly token: string | null
  readonly payload: Payload | null
  /** Asked right before the first byte is written: false sends nothing. */
  readonly mayLeave?: (() => boolean) | undefined
}

export interface HttpReply {
  readonly status: number
  readonly headers: HeaderBag
  readonly text: string
}

/** Filled in while an exchange goes on, so that a failure can tell how far it came. */
export interface Progress {
  sent: boolean
  status: number | null
  headers: HeaderBag
}

export interface Transport {
  send(request: HttpRequest, deadline: Deadline, progress: Progress): Promise<HttpReply>
  close(): Promise<void>
}

export interface TransportOptions {
  readonly origin: string
  readonly connections: number
  readonly connectTimeoutMs: number
  readonly maxBytes: number
}

export function createTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    connect: { timeout: options.connectTimeoutMs },
    // undici's own timers start anew with every chunk; the deadline of the call counts instead.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 65_536,
    // One request per socket, so that a lost socket leaves one outcome unknown and not many.
    allowH2: false,
    pipelining: 1,
  })
  return {
    send: (request, deadline, progress) => exchange(pool, request, deadline, progress, options.maxBytes),
    close: () => pool.close(),
  }
}

async function exchange(
  pool: Pool,
  request: HttpRequest,
  deadline: Deadline,
  progress: Progress,
  maxBytes: number,
): Promise<HttpReply> {
  try {
    const response = await deadline.race(dispatch(pool, request, deadline, progress))
    const headers: HeaderBag = response.headers
    Object.assign(progress, { status: response.statusCode, headers })
    const encoding = [headers['content-encoding'] ?? []].flat().join(',')
    const text = await deadline.race(readBody(response.body, encoding, maxBytes))
    return { status: response.statusCode, headers, text }
  } catch (failure) {
    throw describeFailure(deadline.signal.aborted ? deadline.signal.reason : failure, progress.sent)
  }
}

// While a request waits for a socket, undici looks at the signal only when its turn comes; hence the race above.
function dispatch(
  pool: Pool,
  { method, target, token, payload, mayLeave = () => true }: HttpRequest,
  { signal }: Deadline,
  progress: Progress,
): Promise<Dispatcher.ResponseData> {
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(payload !== null && { 'content-type': payload.type }),
  }
  const body = payload?.bytes ?? null
  return pool
    .compose(noteSending(progress, mayLeave))
    .request({ path: target, method, headers, body, signal })
}

/** It says nothing of Graph's health. */
const tooLate = (): GraphError =>
  new GraphError(
    'aborted',
    'The time to send this change was over when its turn came, and it was not sent.',
    {
      transient: true,
    },
  )

// undici announces a request right before its first byte is written: until then nothing can have happened.
function noteSending(progress: Progress, mayLeave: () => boolean): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context)
        if (!mayLeave()) controller.abort(tooLate())
        if (!controller.aborted) progress.sent = true
      },
      onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...error) => handler.onResponseError?.(...error),
    })
}

const INFLATERS: Readonly<
  Record<string, (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** Reads a body to its end. The cap holds for what came over the wire and for what it inflates to. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  maxBytes: number,
): Promise<string> {
  const data = await collect(body, maxBytes)
  const label = encoding?.trim().toLowerCase() ?? 'identity'
  return (label === 'identity' || label === '' ? data : await inflateBody(data, label, maxBytes)).toString()
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

async function inflateBody(data: Buffer, label: string, maxBytes: number): Promise<Buffer> {
  const inflater = Object.hasOwn(INFLATERS, label) ? INFLATERS[label] : undefined
  if (inflater === undefined) throw new GraphError('malformed', "Graph's answer has an unknown encoding.")
  try {
    return await inflater(data, { maxOutputLength: maxBytes })
  } catch (error) {
    const over = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw over ? tooLarge(maxBytes) : new GraphError('malformed', "Graph's answer cannot be inflated.")
  }
}

function tooLarge(maxBytes: number): GraphError {
  return new GraphError('too-large', `Graph's answer is larger than ${maxBytes} bytes.`)
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])
const CLOSED = /^UND_ERR_(?:CLOSED|DESTROYED)$/
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|^EPROTO$|^HOSTNAME_MISMATCH$/

/** Names what stopped an exchange. Only the library's error code is kept: its texts and objects may hold more. */
export function describeFailure(failure: unknown, sent: boolean): GraphError {
  if (failure instanceof GraphError) return failure
  const code = codeOf(failure)
  if (TIMEOUTS.has(code)) return new GraphError('timeout', `Graph could not be reached in time (${code}).`)
  if (isNoHttp(failure, code)) return new GraphError('malformed', "Graph's answer is not proper HTTP.")
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new GraphError('too-large', 'The headers are too large.')
  if (CLOSED.test(code)) return new GraphError('aborted', 'The Graph client is closed.')
  if (code === 'UND_ERR_INVALID_ARG') return new GraphError('input', 'The request cannot be sent as HTTP.')
  if (TLS.test(code)) {
    return new GraphError('network', `No secure connection to Graph (${code}).`, { transient: false })
  }
  const what = sent ? 'The connection to Graph broke' : 'Graph could not be reached'
  return new GraphError('network', `${what} (${code}).`)
}

// The parser's errors come without a code in undici 8.
function isNoHttp(failure: unknown, code: string): boolean {
  return failure instanceof errors.HTTPParserError || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
}

function codeOf(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown cause'
}
