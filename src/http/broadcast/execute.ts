import { executeSubscriptionEvent, type ExecutionResult, type ValidatedSubscriptionArgs } from 'graphql'
import type { GraphQLError } from 'graphql'
import type { StreamItem } from '../../feed/stream-item.graphql.ts'
import type { Ctx } from '../../context.ts'
import { printResult, type Shown } from './shown.ts'

export type Mask = (error: unknown) => Error

// Of the one who came first; the others stay when it leaves.
const ofOneClient = {
  req: undefined,
  res: undefined,
  request: undefined,
  params: undefined,
  outlet: undefined,
}

/**
 * Executes an operation for one item, in a context of that item's own: it has the rights that all of the audience have,
 * and the reads of the event, and ends with nobody's connection.
 */
export function executorOf(operation: ValidatedSubscriptionArgs, ctx: Ctx, mask: Mask) {
  const shared: Ctx = { ...ctx, ...ofOneClient, signal: ctx.draining }
  const { contextValue: _, ...base } = operation
  return (item: StreamItem): Shown | Promise<Shown> => {
    const { seq } = item
    const cursor = ctx.log.cursors.encode(seq)
    const contextValue = { ...shared, reads: ctx.eventReads.of(seq), place: { resumeFrom: null, cursor } }
    const result = executeSubscriptionEvent({ ...base, contextValue, rootValue: item })
    const show = (shown: ExecutionResult): Shown => toShown(seq, cursor, masked(shown, mask))
    return result instanceof Promise ? result.then(show) : show(result)
  }
}

function toShown(seq: number, cursor: string, result: ExecutionResult): Shown {
  return { seq, cursor, result, text: printResult(result) }
}

/** Frozen, as everybody gets the same. */
function masked(result: ExecutionResult, mask: Mask): ExecutionResult {
  if (!result.errors) return Object.freeze(result)
  return Object.freeze({
    ...result,
    errors: Object.freeze(result.errors.map((error) => mask(error) as GraphQLError)),
  })
}
