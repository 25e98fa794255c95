import { createYoga } from 'graphql-yoga'
import { schema } from '../api/schema.ts'
import type { Actor } from '../auth/actor.ts'
import { useDocumentLimits } from './limits/plugin.ts'
import { secretsOf } from '../config/secrets.ts'
import { createMask } from './mask.ts'
import { createContext, type Parts } from './parts.ts'
import { useServerSentEvents } from './sse.ts'
import { useStreams } from './streams.ts'

/** What the routes in front of Yoga have found out about a request. */
export interface RequestContext {
  readonly actor: Actor
  /** For WebSocket operations; HTTP ones end with their request. */
  readonly gone?: AbortSignal
}

const maxBodyBytes = 100_000

/** GraphQL over HTTP and SSE, and the execution that the WebSocket server shares. Everything else is off. */
export function createGraphql(parts: Parts) {
  return createYoga<RequestContext>({
    schema,
    context: ({ actor, gone, request }) =>
      createContext(parts, {
        actor,
        gone: gone ?? request.signal,
        resumeFrom: gone ? null : request.headers.get('last-event-id'),
      }),
    plugins: [useDocumentLimits(), useStreams(parts.metrics), useServerSentEvents()],
    maskedErrors: { maskError: createMask(parts.logger, secretsOf(parts.config)), isDev: false },
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    maxRequestBodySize: maxBodyBytes,
    graphqlEndpoint: '/graphql',
  })
}

export type Graphql = ReturnType<typeof createGraphql>
