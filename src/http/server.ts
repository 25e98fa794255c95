import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerUnreadable, boundConnections } from './connections.ts'
import { Closing } from './closing.ts'
import type { Parts } from './parts.ts'
import { replyError, replyText } from './reply.ts'
import { attachWebSockets } from './ws/server.ts'
import { createGraphql, type Graphql } from './graphql/yoga.ts'
import { authenticate } from '../access/authenticate.ts'
import { createWebhookHandler } from '../webhooks/receive.ts'
import { serveDocuments } from './documents.ts'
import { createGraphiql } from './graphiql/graphiql.ts'
import { createGraphqlRoute } from './graphql/route.ts'
import { live, ready } from './ops/health.ts'
import { logFields } from '../log.ts'
import { readNames } from './request-names.ts'
import { timeBodies } from './uploads.ts'
import { callerOf, isIn, plainAddress } from '../access/caller.ts'
import { isLocalRequest, pathOf, unauthenticated } from './admit.ts'
import { readTabs } from './tabs.ts'

interface Listening {
  readonly url: string
  /** Takes no more connections, and answers once more on each that there is. */
  stopListening(): Promise<void>
  /** Waits until a balancer has turned elsewhere. */
  settle(): Promise<void>
  /** Ends sockets, and waits for what is in flight. Streams end when the gateway drains. */
  close(): Promise<void>
}

// Node's own defaults let slow headers live past 30 s.
const limits = {
  headersTimeout: 5_000,
  // Of bodies the progress counts.
  requestTimeout: 0,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024,
  // Finds dead connections among those that only the gateway writes to.
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
  // Other upgrades, such as curl's to HTTP/2, are offers that a server may ignore.
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
}
/** Connections that wait to be accepted: after a restart all clients come back at once. The system may allow fewer. */
const waiting = 4_096
const lingerMs = 1_000

/** Serves on the configured address. Rejects when the address cannot be had. */
export async function listen(parts: Parts): Promise<Listening> {
  const graphql = createGraphql(parts)
  const route = createRoutes(parts, graphql)
  const answers = new Set<ServerResponse>()
  let hasToldOfProxy = false
  const { host, port, keepAliveSeconds } = parts.config
  const server = createServer(
    { ...limits, keepAliveTimeout: keepAliveSeconds * 1000 },
    (request, response) => {
      answers.add(response)
      response.once('close', () => answers.delete(response))
      if (!server.listening) closing.takeLast(response)
      if (!hasToldOfProxy && request.headers['x-forwarded-for'] !== undefined)
        hasToldOfProxy = tellOfStranger(parts, request)
      cutOff(request, response)
      const { fields, headers } = readNames(request)
      for (const [name, value] of headers) response.setHeader(name, value)
      logFields.run(fields, () => void serve(request, response))
    },
  )
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await route(request, response)
    } catch (error) {
      // Its client has broken off, or was cut off.
      if (request.errored) return void response.destroy()
      parts.logger.error({ err: error }, 'a request could not be served')
      if (!response.headersSent) replyError(response, 500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.')
      else response.destroy()
    }
  }
  boundConnections(server)
  answerUnreadable(server)
  timeBodies(server, answers, parts.metrics.countRefused)
  const sockets = attachWebSockets(server, parts, graphql)
  await start(server, host, port)
  const closing = new Closing(server, answers)
  return {
    url: urlOf(host, server),
    stopListening: () => closing.stopListening(),
    settle: () => closing.settle(),
    close: () => closing.end(sockets),
  }
}

/** Says that somebody brings others who is no trusted proxy: whoever they are, they count as one caller. */
function tellOfStranger({ config, logger }: Parts, { socket }: IncomingMessage): boolean {
  const address = plainAddress(socket.remoteAddress ?? '') ?? ''
  if (isIn(config.trustedProxies, address)) return false
  logger.warn({ address }, 'X-Forwarded-For is not believed: TRUSTED_PROXIES does not name who sends it')
  return true
}

/** A client that is answered before its body has ended gets a second to read the answer; then the connection is cut. */
function cutOff(request: IncomingMessage, response: ServerResponse): void {
  // Taken now: when the response has finished, an unread request no longer knows its socket.
  const { socket } = request
  response.once('finish', () => {
    if (request.complete) return
    const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
    request.once('end', () => clearTimeout(timer))
  })
}

function start(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, backlog: waiting }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function urlOf(host: string, server: Server): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Whoever has sent a webhook, and whether webhooks are taken from there. */
function senderOf(request: IncomingMessage, { trustedProxies, webhookSources }: Parts['config']) {
  const { address, network } = callerOf(request, trustedProxies)
  return { address, network, isAllowed: webhookSources === null || isIn(webhookSources, address) }
}

type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Every path that the gateway serves. */
function createRoutes(parts: Parts, graphql: Graphql): Route {
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
    senderOf: (request) => senderOf(request, config),
    now: parts.clock,
  })

  return async (request, response) => {
    // RFC 9112, 3.2: of two Host headers Node takes the first, and a proxy in front of it perhaps the second.
    if ((request.headersDistinct['host']?.length ?? 0) > 1)
      return replyError(
        response.setHeader('connection', 'close'),
        400,
        'BAD_REQUEST',
        'Send one Host header.',
      )
    const path = pathOf(request.url)
    // Open to everybody: Meta signs webhooks, and probes call by address.
    const webhook = /^\/webhooks(?:\/([0-9]{1,20}))?$/.exec(path ?? '')
    if (webhook) return webhooks(request, response, webhook[1])
    if (path === '/health/live') return live(response)
    if (path === '/health/ready') return ready(parts, response)
    if (config.apiKey === null && !isLocalRequest(request))
      return replyError(
        response,
        403,
        'FORBIDDEN',
        'Without GATEWAY_API_KEY only this machine is served, by a loopback name, and nobody whom a proxy brings.',
      )
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
