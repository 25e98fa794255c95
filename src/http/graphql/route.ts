import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../../access/actor.ts'
import { authenticate } from '../../access/authenticate.ts'
import { Answers, sendKept } from './response-cache.ts'
import type { Graphiql } from '../graphiql/graphiql.ts'
import { foreignOrigin, isDeliberate, isForeignOrigin, isJson } from '../origin.ts'
import type { Keep } from './keep-answers.ts'
import type { Parts } from '../parts.ts'
import { objectIn, peekableSize, peekBody } from './peek-body.ts'
import { replyError } from '../reply.ts'
import type { Graphql } from './yoga.ts'

/** /graphql over HTTP and SSE: who may come in, and how. */
export function createGraphqlRoute(parts: Parts, graphql: Graphql, graphiql: Graphiql | null) {
  const { cache } = parts.memory
  const answers = new Answers(() => cache.since)
  parts.metrics.watchMemory(() => ({ ...cache.size, answers: answers.size }))

  /** From what was answered a moment ago, or by Yoga. */
  async function answer(request: IncomingMessage, response: ServerResponse, actor: Actor): Promise<void> {
    const size = isStream(request) ? null : peekableSize(request)
    if (size === null) return void (await graphql(request, response, { actor }))
    const body = await peekBody(request, size)
    if (!body) return
    const question = answers.about(actor, request, body)
    const kept = answers.find(question)
    const parsed = kept ? null : objectIn(body)
    if (kept || parsed) request.resume()
    if (kept) return sendKept(response, kept)
    // Yoga takes what is parsed from here, and would otherwise pipe the body through three streams.
    if (parsed) Object.assign(request, { body: parsed })
    const keep: Keep = (type, text) => answers.keep(question, type, text)
    await graphql(request, response, { actor, keep })
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { config, draining } = parts
    if (graphiql && wantsPage(request)) return graphiql.page(request, response)
    const refused = refusal(request)
    if (refused) return replyError(response, ...refused)
    const actor = authenticate(config, request.headers.authorization)
    if (!actor)
      return replyError(response, 401, 'UNAUTHENTICATED', 'Send the API key as `Authorization: Bearer …`.')
    if (draining.aborted) return replyError(response, 503, 'SHUTTING_DOWN', 'The gateway is stopping.')
    // Checked above; Yoga knows it in lower case only.
    if (request.method === 'POST') request.headers['content-type'] = 'application/json'
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    await answer(request, response, actor)
  }
}

type Refusal = [status: number, code: string, message: string]

function refusal({ headers, method }: IncomingMessage): Refusal | null {
  if (method === 'POST' && !isJson(headers['content-type']))
    return [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the operation as `content-type: application/json`.']
  if (headers['content-encoding'] !== undefined)
    return [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the operation without content-encoding.']
  if (isForeignOrigin(headers)) return [403, 'FOREIGN_ORIGIN', foreignOrigin]
  if (!isDeliberate(headers))
    return [
      403,
      'CSRF',
      'Send `content-type: application/json`, an `authorization` header or `x-mps-csrf: 1`.',
    ]
  return null
}

function isStream({ headers }: IncomingMessage): boolean {
  return (headers.accept ?? '').includes('event-stream') || headers['last-event-id'] !== undefined
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html')
}
