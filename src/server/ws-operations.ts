import type { IncomingMessage } from 'node:http'
import { GraphQLError, type ExecutionArgs } from 'graphql'
import { makeServer, type Context, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Actor } from '../auth/actor.ts'
import { authenticate } from '../auth/authenticate.ts'
import { secretsOf } from '../config/secrets.ts'
import { createMask } from './mask.ts'
import type { Parts } from './parts.ts'
import type { Graphql } from './yoga.ts'

const initTimeoutMs = 3_000
const maxOperations = 50

interface Extra {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  /** Ends when the socket has closed. */
  readonly gone: AbortSignal
  actor?: Actor
}
type Params = Record<string, unknown> | undefined
type Connection = Context<Params, Extra>

export type Conversations = ReturnType<typeof createConversations>

/** What is said over the sockets: who is let in, and each operation by Yoga's own functions. */
export function createConversations(parts: Parts, graphql: Graphql, onKnown: (socket: WebSocket) => void) {
  const mask = createMask(parts.logger, secretsOf(parts.config))
  const connections = new Set<Connection>()

  const server = makeServer<Params, Extra>({
    connectionInitWaitTimeout: initTimeoutMs,
    execute: (args) => (args as Enveloped).rootValue.execute(args),
    subscribe: (args) => (args as Enveloped).rootValue.subscribe(args),
    onConnect: (connection) => {
      const { extra, connectionParams } = connection
      const actor =
        authenticate(parts.config, extra.request.headers.authorization) ??
        authenticate(parts.config, authorizationIn(connectionParams))
      if (!actor) return false
      extra.actor = actor
      connections.add(connection)
      onKnown(extra.socket)
      return true
    },
    onSubscribe: (connection, _id, payload) => prepare(connection, payload),
    // What a stream fails with, graphql-ws has wrapped by its message.
    onError: (_connection, _id, _payload, errors) =>
      errors.map((error) => (mask(error.cause ?? error) as GraphQLError).toJSON()),
    onClose: (connection) => void connections.delete(connection),
  })

  async function prepare(connection: Connection, payload: SubscribePayload) {
    if (parts.draining.aborted) return [refused('SHUTTING_DOWN', 'The gateway is stopping.')]
    if (Object.keys(connection.subscriptions).length > maxOperations)
      return [refused('TOO_MANY_OPERATIONS', `A socket may have ${maxOperations} operations at once.`)]
    try {
      return await readOperation(graphql, connection.extra, payload)
    } catch (error) {
      // Thrown on, it would close the socket and end the other operations with it.
      return [mask(error) as GraphQLError]
    }
  }

  return {
    open: server.opened,
    /** Whether an operation is under way on any socket. */
    busy: (): boolean =>
      connections.values().some(({ subscriptions }) => Object.keys(subscriptions).length > 0),
  }
}

async function readOperation(graphql: Graphql, { actor, gone, request }: Extra, payload: SubscribePayload) {
  // Yoga lets mutations come by POST only, and looks at the request; a socket's is the GET that opened it.
  const asPost = { method: 'POST', headers: new Headers(), url: request.url }
  const enveloped = graphql.getEnveloped({ actor, gone, request: asPost } as never)
  const { schema, parse, validate, contextFactory, execute, subscribe } = enveloped
  const document = parse(payload.query)
  const errors = validate(schema, document)
  if (errors.length > 0) return errors
  const { operationName, variables: variableValues } = payload
  const contextValue = await contextFactory()
  const rootValue = { execute, subscribe }
  return { schema, document, operationName, variableValues, contextValue, rootValue } as ExecutionArgs
}

type Enveloped = ExecutionArgs & {
  readonly rootValue: { execute(args: unknown): never; subscribe(args: unknown): never }
}

function authorizationIn(params: Params): string | undefined {
  const value = params?.['authorization'] ?? params?.['Authorization']
  return typeof value === 'string' ? value : undefined
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}
