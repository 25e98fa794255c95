import {
  createSourceEventStream,
  mapSourceToResponseEvent,
  validateSubscriptionArgs,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type ValidatedSubscriptionArgs,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { EventStream } from '../../feed/event-stream.ts'
import type { Ctx } from '../../context.ts'
import { Audience } from './audience.ts'
import { executorOf, type Mask } from './execute.ts'
import { audienceKey } from './key.ts'
import type { Outlet } from './outlet.ts'
import { pulled, pushed, type Enter, type Results } from './results.ts'

interface Context extends Ctx {
  /** Where the items go; to whoever iterates the results, when there is none. */
  readonly outlet?: Outlet
}

/** Runs subscriptions: those of `events` that are the same, asked for with the same rights, once for all of them. */
export function useAudiences(mask: Mask): Plugin<Context> {
  const audiences = new WeakMap<DocumentNode, Map<string, Audience>>()

  async function subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult> {
    const operation = validateSubscriptionArgs(args)
    if (!('schema' in operation)) return { errors: operation }
    const source = await createSourceEventStream(operation)
    if (!(Symbol.asyncIterator in source)) return source
    if (!(source instanceof EventStream)) return mapSourceToResponseEvent(operation, source)
    const ctx = args.contextValue as Context
    const enter: Enter = () => audienceOf(args, operation, source)
    return ctx.outlet ? pushed(source, enter, ctx.outlet) : pulled(source, enter, ctx.place)
  }

  function audienceOf(
    args: ExecutionArgs,
    operation: ValidatedSubscriptionArgs,
    { filter }: EventStream,
  ): Audience {
    const ctx = args.contextValue as Context
    const key = audienceKey(args, ctx.actor)
    const equals = audiences.get(args.document) ?? new Map<string, Audience>()
    audiences.set(args.document, equals)
    const known = equals.get(key)
    if (known) return known
    const { log, heartbeatMs, clock, draining } = ctx
    const execute = executorOf(operation, ctx, mask)
    const audience = new Audience({ log, filter, heartbeatMs, clock, draining, execute }, () =>
      equals.delete(key),
    )
    equals.set(key, audience)
    return audience
  }

  return {
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
  }
}
