import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../../access/authenticate.ts'
import { admitRequest, isJson } from '../admit.ts'
import type { Graphiql } from '../graphiql/graphiql.ts'
import type { Parts } from '../parts.ts'
import { replyError, type ErrorReply } from '../reply.ts'
import { sendCached, type CachedResponse, type CacheSlot } from './response-cache.ts'
import type { Graphql } from './yoga.ts'

/** `/graphql` over HTTP and SSE: what is refused before Yoga, and what Yoga need not be asked for. */
export function createGraphqlRoute(parts: Parts, { yoga, responses }: Graphql, graphiql: Graphiql | null) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (graphiql && wantsPage(request)) return graphiql.page(request, response)
    const { headers, method } = request
    if (method === 'POST' && !isJson(headers['content-type']))
      return replyError(response, 415, unsupported, 'Send the operation as `content-type: application/json`.')
    if (headers['content-encoding'] !== undefined)
      return replyError(response, 415, unsupported, 'Send the operation without content-encoding.')
    const admitted = admitRequest(parts, request)
    if (Array.isArray(admitted)) return replyError(response, ...admitted)
    if (parts.draining.aborted && isStream(request)) return replyError(response, ...stopping)
    // Checked above; Yoga knows it in lower case only.
    if (method === 'POST') headers['content-type'] = 'application/json'
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    await answer(request, response, admitted)
  }

  /** From the cache of responses, or by Yoga. */
  async function answer(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
    const size = isStream(request) ? null : peekableSize(request)
    if (size === null) return void (await yoga(request, response, { actor }))
    const body = await peekBody(request, size)
    if (!body) return
    const slot = responses.slot(actor, request, body)
    const cached = await found(slot)
    const parsed = cached ? null : objectIn(body)
    if (cached || parsed) request.resume()
    if (cached) return sendCached(response, cached)
    // Yoga takes a parsed body from here; otherwise it would pipe the bytes through three streams.
    if (parsed) Object.assign(request, { body: parsed })
    await yoga(request, response, { actor, slot })
  }

  /** What is cached is compared with the store before it is given: that may evict it. */
  async function found(slot: CacheSlot): Promise<CachedResponse | null> {
    const cached = responses.find(slot)
    if (!cached || parts.memoryCheck === null) return cached
    return (await parts.memoryCheck.isCurrent()) ? responses.find(slot) : null
  }
}

const stopping: ErrorReply = [503, 'SHUTTING_DOWN', 'The gateway is stopping. Connect again.']
const unsupported = 'UNSUPPORTED_MEDIA_TYPE'

function isStream({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').includes('event-stream') || headers['last-event-id'] !== undefined
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html')
}

const most = 64 * 1024

/** The declared length of the body; null when there is none, or it is zero or above 64 KB. */
function peekableSize({ method, headers }: IncomingMessage): number | null {
  const size = Number(headers['content-length'])
  return method === 'POST' && size > 0 && size <= most ? size : null
}

/**
 * Reads a body and puts it back, so that the next reader of the request finds it as it came. Null when the client has
 * disconnected before all of it was here.
 */
function peekBody(request: IncomingMessage, size: number): Promise<Buffer | null> {
  const { promise, resolve } = Promise.withResolvers<Buffer | null>()
  const chunks: Buffer[] = []
  let length = 0
  const end = (body: Buffer | null): void => {
    request.off('readable', look).off('close', leave).off('error', leave)
    // At once: in the next tick the stream would have ended.
    if (body) request.unshift(body)
    resolve(body)
  }
  const leave = (): void => end(null)
  const look = (): void => {
    for (let chunk = read(request); chunk !== null; chunk = read(request)) {
      chunks.push(chunk)
      length += chunk.length
    }
    if (length >= size) end(Buffer.concat(chunks))
  }
  request.on('readable', look).once('close', leave).once('error', leave)
  return promise
}

const read = (request: IncomingMessage): Buffer | null => request.read() as Buffer | null

/** The JSON object that a body holds; null when it holds none, which is for Yoga to refuse. */
function objectIn(body: Buffer): object | null {
  try {
    const value: unknown = JSON.parse(body.toString())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && Object.keys(value).length > 0 ? value : null
  } catch {
    return null
  }
}
