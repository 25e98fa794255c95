import type { IncomingMessage } from 'node:http'
import { getOperationAST, GraphQLError, type ExecutionArgs, type GraphQLFormattedError } from 'graphql'
import { makeServer, type Context, type SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import { authenticate, credentialsOf, type Actor } from '../../access/authenticate.ts'
import { callerOf } from '../../access/caller.ts'
import { secretsOf } from '../../config/shapes.ts'
import { SocketOutlet } from '../broadcast/outlet.ts'
import { createMask } from '../graphql/mask.ts'
import type { Parts } from '../parts.ts'
import { ConnectionLimit } from '../connection-limit.ts'
import type { Graphql } from '../graphql/yoga.ts'

const initTimeoutMs = 3_000
const maxOperations = 50
/** Including operations that the client has completed and that have not ended yet. */
const maxWithEnding = 100
/** On all sockets together: each costs some 10 KB, and work for every event. */
const mostInAll = { all: 20_000, perCaller: 10_000 }

interface Extra {
  readonly socket: WebSocket
  readonly request: IncomingMessage
  /** Ends when the socket has closed. */
  readonly gone: AbortSignal
  actor?: Actor
  /** Operations of this socket that have not ended. */
  operations: number
  /** The operation that has just begun. */
  begun: Operation | null
}
interface Operation {
  /** To be called when it has ended. */
  leave(): void
}
type Connected = Pick<Extra, 'socket' | 'request' | 'gone'>
type ProtocolSocket = Parameters<ReturnType<typeof makeServer>['opened']>[0]
type Handle = (data: string) => Promise<void>
type Params = Record<string, unknown> | undefined
type Connection = Context<Params, Extra>

export type Operations = ReturnType<typeof createOperations>

/** Authenticates sockets and runs their operations with Yoga's own functions. */
export function createOperations(
  parts: Parts,
  graphql: Graphql,
  /** Lets a socket in that has authenticated, or closes it and says false when there is no room. */
  enter: (socket: WebSocket) => boolean,
) {
  const mask = createMask(parts.logger, secretsOf(parts.config))
  const limit = new ConnectionLimit(mostInAll)
  const networkOf = (request: IncomingMessage): string =>
    callerOf(request, parts.config.trustedProxies).network
  /** Queries and mutations under way: a stop waits for them. */
  const ending = new Set<Operation>()

  const server = makeServer<Params, Extra>({
    connectionInitWaitTimeout: initTimeoutMs,
    execute: (args) => (args as Enveloped).rootValue.execute(args),
    subscribe: (args) => (args as Enveloped).rootValue.subscribe(args),
    onConnect: (connection) => {
      const { extra, connectionParams } = connection
      const actor =
        authenticate(parts.config, extra.request.headers) ??
        authenticate(parts.config, credentialsOf(connectionParams))
      if (!actor) return false
      extra.actor = actor
      // Without room it has been closed: the code that graphql-ws closes with comes too late, which would end clients.
      return enter(extra.socket)
    },
    onSubscribe: (connection, id, payload) => prepare(connection, id, payload),
    onOperation: ({ extra }, _id, _payload, _args, result) =>
      Symbol.asyncIterator in result ? lasting(result, parts.draining, extra.gone) : undefined,
    // graphql-ws wraps the error that a stream fails with.
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
    const operation = begin(extra)
    extra.begun = operation
    try {
      const args = await readOperation(graphql, extra, id, payload)
      if (isSubscription(args)) ending.delete(operation)
      return args
    } catch (error) {
      // If it were thrown, graphql-ws would close the socket and end its other operations.
      return [mask(error) as GraphQLError]
    }
  }

  function refusalOf({ operations, request }: Extra, ids: number): GraphQLError | null {
    if (parts.draining.aborted) return refused('SHUTTING_DOWN', 'The gateway is stopping.')
    const isFull = ids > maxOperations || operations >= maxWithEnding
    if (!isFull && !limit.isFullFor(networkOf(request))) return null
    parts.metrics.countRefused('operation')
    const most = `A socket may have ${maxOperations} operations at once.`
    const all = 'Too many operations are under way on all sockets together.'
    return refused('TOO_MANY_OPERATIONS', isFull ? most : all)
  }

  function begin(extra: Extra): Operation {
    const release = limit.take(networkOf(extra.request))
    extra.operations++
    const operation = {
      leave: () => {
        extra.operations--
        ending.delete(operation)
        release()
      },
    }
    ending.add(operation)
    return operation
  }

  /** Begins the protocol on a socket; what is returned ends it. */
  function open(socket: ProtocolSocket, connected: Connected): ReturnType<typeof server.opened> {
    const extra: Extra = { ...connected, operations: 0, begun: null }
    // An operation lasts for as long as its message is being handled, also when its client no longer waits.
    const handling = async (handle: Handle, data: string): Promise<void> => {
      const handled = handle(data)
      const { begun } = extra
      extra.begun = null
      await handled.finally(() => begun?.leave())
    }
    const onMessage = (handle: Handle): void => socket.onMessage((data) => handling(handle, data))
    return server.opened({ ...socket, onMessage }, extra)
  }

  return {
    open,
    /** Whether a query or mutation is under way on any socket. */
    busy: (): boolean => ending.size > 0,
  }
}

/** The error as it is sent over HTTP: `extensions.http`, the status, is for Yoga alone. */
function withoutStatus(error: Error): GraphQLFormattedError {
  const { extensions = {}, ...shown } = (error as GraphQLError).toJSON()
  const { http: _, ...others } = extensions
  return { ...shown, ...(Object.keys(others).length > 0 && { extensions: others }) }
}

async function readOperation({ yoga }: Graphql, extra: Extra, id: string, payload: SubscribePayload) {
  const { actor, gone, request, socket } = extra
  // Yoga refuses mutations that do not come by POST, and the request of a socket is the GET that opened it.
  const asPost = { method: 'POST', headers: new Headers(), url: request.url }
  const outlet = new SocketOutlet(socket, request.socket, id)
  const enveloped = yoga.getEnveloped({ actor, gone, request: asPost, params: payload, outlet } as never)
  const { schema, parse, validate, contextFactory, execute, subscribe } = enveloped
  const document = parse(payload.query)
  const errors = validate(schema, document)
  if (errors.length > 0) return errors
  const { operationName, variables: variableValues } = payload
  const contextValue = await contextFactory()
  const rootValue = { execute, subscribe }
  return { schema, document, operationName, variableValues, contextValue, rootValue } as ExecutionArgs
}

function isSubscription(args: ExecutionArgs | readonly GraphQLError[]): boolean {
  if (!('document' in args)) return false
  return getOperationAST(args.document, args.operationName)?.operation === 'subscription'
}

type Enveloped = ExecutionArgs & {
  readonly rootValue: { execute(args: unknown): never; subscribe(args: unknown): never }
}

function refused(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/**
 * The results of a subscription, without the end that a stop of the gateway brings: clients reconnect after a closed
 * socket, and not after `complete`. So the operation lasts until its socket is closed.
 */
function lasting<T>(
  results: AsyncIterable<T, unknown>,
  stopping: AbortSignal,
  gone: AbortSignal,
): AsyncIterableIterator<T, unknown> {
  const source = results[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const step = await source.next()
      if (step.done === true && stopping.aborted) await ended(gone)
      return step
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
