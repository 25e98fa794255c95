import { createYoga } from 'graphql-yoga'
import { mutationPrice, pricedPerApp, prices } from '../../api/prices.ts'
import { schema } from '../../api/schema.ts'
import type { Actor } from '../../access/actor.ts'
import { useAudiences } from '../broadcast/plugin.ts'
import { useGraphCost } from './cost.ts'
import { useAnswers, type Keep } from './keep-answers.ts'
import { defaultLimits } from './limits/limits.ts'
import { useDocumentLimits } from './limits/plugin.ts'
import { secretsOf } from '../../config/secrets.ts'
import { createMask } from './mask.ts'
import { createContext, type Parts } from '../parts.ts'
import { useServerSentEvents } from '../sse.ts'
import { useStreams } from '../streams.ts'

/** What the routes in front of Yoga have found out about a request. */
export interface RequestContext {
  readonly actor: Actor
  /** For WebSocket operations; HTTP ones end with their request. */
  readonly gone?: AbortSignal
  /** For who may be given the same answer again in a moment. */
  readonly keep?: Keep
}

const graphPrices = { fields: prices, perApp: pricedPerApp, mutation: mutationPrice }

const maxBodyBytes = 100_000

/** GraphQL over HTTP and SSE, and the execution that the WebSocket server shares. Everything else is off. */
export function createGraphql(parts: Parts) {
  const mask = createMask(parts.logger, secretsOf(parts.config))
  return createYoga<RequestContext>({
    schema,
    context: ({ actor, gone, request }) =>
      createContext(parts, {
        actor,
        gone: gone ?? request.signal,
        resumeFrom: gone ? null : request.headers.get('last-event-id'),
      }),
    plugins: [
      useDocumentLimits(defaultLimits, graphPrices),
      useGraphCost(defaultLimits),
      useAnswers(),
      useStreams(parts.metrics),
      useAudiences(mask),
      useServerSentEvents(),
    ],
    maskedErrors: { maskError: mask, isDev: false },
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
