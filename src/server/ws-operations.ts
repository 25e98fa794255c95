import type { IncomingMessage } from 'node:http'
import { GraphQLError, type ExecutionArgs, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Context, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Actor } from '../auth/actor.ts'
import { authenticate } from '../auth/authenticate.ts'
import { secretsOf } from '../config/secrets.ts'
import { Pushed } from './audience/pushed.ts'
import { createMask } from './mask.ts'
import type { Parts } from './parts.ts'
import { callerOf, Room } from './room.ts'
import type { Graphql } from './yoga.ts'

const initTimeoutMs = 3_000
const maxOperations = 50
/** With those that their client has completed, and that have yet to end. */
const maxWithEnding = 100
/** On all sockets together: each costs some 10 KB, and a turn of the loop for every event. */
const operationRoom = { all: 20_000, perCaller: 10_000 }

interface Extra {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  /** Ends when the socket has closed. */
  readonly gone: AbortSignal
  actor?: Actor
  /** That have begun on this socket and not ended. */
  operations: number
  /** Given by the operation that has just begun, to be called when it has ended. */
  leave: (() => void) | null
}
type Visitor = Pick<Extra, 'socket' | 'request' | 'gone'>
type Speaker = Parameters<ReturnType<typeof makeServer>['opened']>[0]
type Handle = (data: string) => Promise<void>
type Params = Record<string, unknown> | undefined
type Connection = Context<Params, Extra>

export type Conversations = ReturnType<typeof createConversations>

/** What is said over the sockets: who is let in, and each operation by Yoga's own functions. */
export function createConversations(parts: Parts, graphql: Graphql, onKnown: (socket: WebSocket) => void) {
  const mask = createMask(parts.logger, secretsOf(parts.config))
  const room = new Room(operationRoom)

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
      onKnown(extra.socket)
      return true
    },
    onSubscribe: (connection, id, payload) => prepare(connection, id, payload),
    // What a stream fails with, graphql-ws has wrapped by its message.
    onError: (_connection, _id, _payload, errors) =>
      errors.map((error) => withoutStatus(mask(error.cause ?? error))),
    onNext: (_connection, _id, _payload, _args, { data, errors, extensions }) =>
      errors && {
        ...(data !== undefined && { data }),
        errors: errors.map(withoutStatus),
        ...(extensions && { extensions }),
      },
  })

  async function prepare({ extra, subscriptions }: Connection, id: string, payload: SubscribePayload) {
    const refusal = refusalOf(extra, Object.keys(subscriptions).length)
    if (refusal) return [refusal]
    extra.leave = begin(extra)
    try {
      return await readOperation(graphql, extra, id, payload)
    } catch (error) {
      // Thrown on, it would close the socket and end the other operations with it.
      return [mask(error) as GraphQLError]
    }
  }

  function refusalOf({ operations, request }: Extra, ids: number): GraphQLError | null {
    if (parts.draining.aborted) return refused('SHUTTING_DOWN', 'The gateway is stopping.')
    if (ids > maxOperations || operations >= maxWithEnding)
      return refused('TOO_MANY_OPERATIONS', `A socket may have ${maxOperations} operations at once.`)
    if (!room.isFullFor(callerOf(request))) return null
    return refused('TOO_MANY_OPERATIONS', 'Too many operations are under way on all sockets together.')
  }

  function begin(extra: Extra): () => void {
    const leave = room.take(callerOf(extra.request))
    extra.operations++
    return () => {
      extra.operations--
      leave()
    }
  }

  /** Begins the conversation; what is returned ends it. */
  function open(socket: Speaker, visitor: Visitor): ReturnType<typeof server.opened> {
    const extra: Extra = { ...visitor, operations: 0, leave: null }
    // An operation is under way for as long as its message is being handled, also when its client no longer waits.
    const handling = async (handle: Handle, data: string): Promise<void> => {
      const handled = handle(data)
      const { leave } = extra
      extra.leave = null
      await handled.finally(() => leave?.())
    }
    const onMessage = (handle: Handle): void => socket.onMessage((data) => handling(handle, data))
    return server.opened({ ...socket, onMessage }, extra)
  }

  return {
    open,
    /** Whether an operation is under way on any socket. */
    busy: (): boolean => !room.isEmpty,
  }
}

/** As HTTP prints it: what an error says of an HTTP status is for Yoga alone. */
function withoutStatus(error: Error): GraphQLFormattedError {
  const { extensions = {}, ...shown } = (error as GraphQLError).toJSON()
  const { http: _, ...others } = extensions
  return { ...shown, ...(Object.keys(others).length > 0 && { extensions: others }) }
}

async function readOperation(graphql: Graphql, extra: Extra, id: string, payload: SubscribePayload) {
  const { actor, gone, request, socket } = extra
  // Yoga lets mutations come by POST only, and looks at the request; a socket's is the GET that opened it.
  const asPost = { method: 'POST', headers: new Headers(), url: request.url }
  const outlet = new Pushed(socket, request.socket, id)
  const enveloped = graphql.getEnveloped({ actor, gone, request: asPost, outlet } as never)
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
