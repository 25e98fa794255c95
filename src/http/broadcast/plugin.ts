import {
  createSourceEventStream,
  executeSubscriptionEvent,
  Kind,
  mapSourceToResponseEvent,
  validateSubscriptionArgs,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type ValidatedSubscriptionArgs,
  type VariableNode,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { EventStream, Lagged, type StreamItem } from '../../feed/stream-item.graphql.ts'
import type { Ctx } from '../../context.ts'
import { Broadcast } from './broadcast.ts'
import { printResult, PullOutlet, type Outlet, type SharedResult } from './outlet.ts'
import { Subscriber } from './subscriber.ts'

interface Context extends Ctx {
  /** Where the results go; to whoever iterates them, when there is none. */
  readonly outlet?: Outlet
}

type Results = AsyncIterableIterator<ExecutionResult, void>
type Mask = (error: unknown) => Error

/** The broadcasts of one document. */
interface Broadcasts {
  readonly positions: ReadonlySet<string>
  readonly byKey: Map<string, Broadcast>
}

/** Runs subscriptions: those of `events` that are the same, with the same rights, once for all of them. */
export function useBroadcasts(mask: Mask): Plugin<Context> {
  const broadcasts = new WeakMap<DocumentNode, Broadcasts>()

  async function subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> {
    const operation = validateSubscriptionArgs(args)
    if (!('schema' in operation)) return { errors: operation }
    const source = await createSourceEventStream(operation)
    if (!(Symbol.asyncIterator in source)) return source
    if (!(source instanceof EventStream)) return mapSourceToResponseEvent(operation, source)
    const { outlet, streamPosition } = args.contextValue as Context
    return resultsOf(
      source,
      () => broadcastOf(args, operation, source),
      outlet ?? new PullOutlet(streamPosition),
    )
  }

  function broadcastOf(
    args: ExecutionArgs,
    operation: ValidatedSubscriptionArgs,
    { filter }: EventStream,
  ): Broadcast {
    const ctx = args.contextValue as Context
    const ofDocument = broadcasts.get(args.document) ?? {
      positions: positionsIn(args.document),
      byKey: new Map<string, Broadcast>(),
    }
    broadcasts.set(args.document, ofDocument)
    const key = broadcastKey(args, ctx, ofDocument.positions)
    const known = ofDocument.byKey.get(key)
    if (known) return known
    const { log, heartbeatMs, clock, draining } = ctx
    const execute = executorOf(operation, ctx, mask)
    const options = { log, filter, heartbeatMs, clock, draining, execute }
    const broadcast = new Broadcast(options, () => ofDocument.byKey.delete(key))
    ofDocument.byKey.set(key, broadcast)
    return broadcast
  }

  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  }
}

/** What must be the same, beside the document, for two to get the same results: whatever a resolver may look at. */
function broadcastKey(
  { operationName, variableValues }: ExecutionArgs,
  { actor: { apps, ...rights } }: Context,
  positions: ReadonlySet<string>,
): string {
  const variables = Object.entries(variableValues ?? {}).filter(([name]) => !positions.has(name))
  return JSON.stringify([operationName ?? null, variables, rights, apps.map(({ appId }) => appId)])
}

/** Variables that only say from where somebody goes on: after a restart, each has another. */
function positionsIn(document: DocumentNode): ReadonlySet<string> {
  const nodes = document.definitions.flatMap(positionOf)
  const others = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => void (nodes.includes(node) || others.add(node.name.value)),
  })
  return new Set(nodes.map(({ name }) => name.value).filter((name) => !others.has(name)))
}

/** The variable that is the root field's `after`. */
function positionOf(definition: DefinitionNode): VariableNode[] {
  if (definition.kind !== Kind.OPERATION_DEFINITION) return []
  return definition.selectionSet.selections.flatMap((field) => {
    const given = field.kind === Kind.FIELD ? field.arguments : undefined
    const value = given?.find(({ name }) => name.value === 'after')?.value
    return value?.kind === Kind.VARIABLE ? [value] : []
  })
}

// Of the subscriber that came first; the others stay when it leaves.
const ofOneClient = {
  req: undefined,
  res: undefined,
  request: undefined,
  params: undefined,
  outlet: undefined,
}

/**
 * Executes an operation for one item, in a context of that item's own: it has the rights that all subscribers have, and
 * the reads of the event, and ends with nobody's connection.
 */
function executorOf(operation: ValidatedSubscriptionArgs, ctx: Ctx, mask: Mask) {
  const shared: Ctx = { ...ctx, ...ofOneClient, signal: ctx.draining }
  const { contextValue: _, ...base } = operation
  return (item: StreamItem): SharedResult | Promise<SharedResult> => {
    const { seq } = item
    const cursor = ctx.log.cursors.encode(seq)
    const contextValue = {
      ...shared,
      reads: ctx.eventReads.of(seq),
      streamPosition: { resumeFrom: null, cursor },
    }
    const executed = executeSubscriptionEvent({ ...base, contextValue, rootValue: item })
    const share = (given: ExecutionResult): SharedResult => {
      const result = masked(given, mask)
      return { seq, cursor, result, text: printResult(result) }
    }
    return executed instanceof Promise ? executed.then(share) : share(executed)
  }
}

/** Frozen, as everybody gets the same. */
function masked(result: ExecutionResult, mask: Mask): ExecutionResult {
  if (!result.errors) return Object.freeze(result)
  const errors = result.errors.map((error) => mask(error) as GraphQLError)
  return Object.freeze({ ...result, errors: Object.freeze(errors) })
}

const over = { done: true, value: undefined } as const

/**
 * The results as graphql-js hands them out. From an outlet that pushes there are none, only the end. It begins when it is
 * asked first: a stream that nobody reads costs nothing.
 */
export function resultsOf(stream: EventStream, enter: () => Broadcast, outlet: Outlet): Results {
  let subscriber: Subscriber | null = null
  let isLeft = false
  const leave = (): void => {
    isLeft = true
    subscriber?.end()
    outlet.close()
  }
  const next = async (): Promise<IteratorResult<ExecutionResult, void>> => {
    if (isLeft) return over
    subscriber ??= begin(enter(), outlet, stream)
    try {
      return outlet instanceof PullOutlet ? await outlet.pull() : (await subscriber.ended, over)
    } catch (error) {
      // Thrown once: who goes on to ask after a failure would ask for ever.
      leave()
      throw error
    }
  }
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next,
    return() {
      leave()
      return Promise.resolve(over)
    },
    throw(error) {
      leave()
      return Promise.reject(error as Error)
    },
  }
}

function begin(broadcast: Broadcast, outlet: Outlet, { from, lagsTo }: EventStream): Subscriber {
  const subscriber = new Subscriber(broadcast, outlet, from)
  broadcast.add(subscriber)
  void subscriber.begin(lagsTo === null ? undefined : () => broadcast.execute(new Lagged(lagsTo)))
  return subscriber
}
