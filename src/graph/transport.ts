import { Pool, type Dispatcher } from 'undici'
import { readBody } from './body.ts'
import type { Deadline } from './deadline.ts'
import { describeFailure } from './failure.ts'
import type { Payload } from './payload.ts'
import type { GraphMethod } from './request.ts'
import type { HeaderBag } from './usage.ts'

export interface HttpRequest {
  readonly method: GraphMethod
  readonly target: string
  /** Null when the call is not signed. */
  readonly token: string | null
  readonly payload: Payload | null
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
    // One request per socket, so that a lost socket puts one outcome in doubt and not many.
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
  { method, target, token, payload }: HttpRequest,
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
  return pool.compose(noteSending(progress)).request({ path: target, method, headers, body, signal })
}

// undici announces a request right before its first byte is written: until then nothing can have happened.
function noteSending(progress: Progress): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context)
        if (!controller.aborted) progress.sent = true
      },
      onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...error) => handler.onResponseError?.(...error),
    })
}
