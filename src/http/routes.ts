import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticate } from '../access/authenticate.ts'
import { createWebhookHandler } from '../webhooks/receive.ts'
import { serveDocuments } from './documents.ts'
import { createGraphiql } from './graphiql/graphiql.ts'
import { createGraphqlRoute } from './graphql/route.ts'
import { live, ready } from './ops/health.ts'
import { isLocalHost, pathOf, unauthenticated } from './admit.ts'
import type { Parts } from './parts.ts'
import { replyError, replyText } from './reply.ts'
import { readTabs } from './tabs.ts'
import type { Graphql } from './graphql/yoga.ts'

type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Every path that the gateway serves. */
export function createRoutes(parts: Parts, graphql: Graphql): Route {
  const { config } = parts
  // In production there is no page: GraphiQL is for those who try things out.
  const graphiql = config.production
    ? null
    : createGraphiql({
        tabs: readTabs(config.graphUrl),
        endpoint: '/graphql',
        title: 'mps\u2011gateway',
        subscriptionsProtocol: 'SSE',
      })
  const serveGraphql = createGraphqlRoute(parts, graphql, graphiql)
  const webhooks = createWebhookHandler({
    apps: new Map(
      config.apps.map(({ appId, appSecrets, verifyToken }) => [
        appId,
        { appId, appSecrets, verifyTokens: [verifyToken] },
      ]),
    ),
    intake: parts.log,
    deadLetters: parts.deadLetters,
    countUnstored: parts.countUnstoredWebhook,
    counters: parts.metrics.webhooks,
    log: parts.logger,
    now: parts.clock,
  })

  return async (request, response) => {
    // RFC 9112, 3.2: of two names Node would take the first, and a proxy before it perhaps the other.
    if ((request.headersDistinct['host']?.length ?? 0) > 1)
      return replyError(
        response.setHeader('connection', 'close'),
        400,
        'BAD_REQUEST',
        'Send one Host header.',
      )
    const path = pathOf(request.url)
    // Open to everybody: Meta signs what it sends, and probes come by address.
    const webhook = /^\/webhooks(?:\/([0-9]{1,20}))?$/.exec(path ?? '')
    if (webhook) return webhooks(request, response, webhook[1])
    if (path === '/health/live') return live(response)
    if (path === '/health/ready') return ready(parts, response)
    if (config.apiKey === null && !isLocalHost(request.headers))
      return replyError(response, 403, 'FORBIDDEN', 'Without an API key only loopback names are served.')
    if (path === '/graphql') return serveGraphql(request, response)
    if (path === '/documents') return serveDocuments(parts, request, response)
    if (path === '/metrics') return serveMetrics(parts, request, response)
    if (path === '/' && graphiql) return void response.writeHead(302, { location: '/graphql' }).end()
    if (path?.startsWith('/graphiql') && (await graphiql?.asset(request, response, path))) return
    replyError(response, 404, 'NOT_FOUND', 'There is nothing here. GraphQL is at /graphql.')
  }
}

async function serveMetrics(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!authenticate(parts.config, request.headers)) return replyError(response, ...unauthenticated)
  const { registry } = parts.metrics
  replyText(response, 200, await registry.metrics(), registry.contentType)
}
