import { createYoga, type Plugin } from 'graphql-yoga'
import { getOperationAST, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { mutationPrice, pricedPerApp, prices } from '../../api/prices.ts'
import { schema } from '../../api/schema.ts'
import type { Actor } from '../../access/authenticate.ts'
import { useBroadcasts } from '../broadcast/plugin.ts'
import { ResponseCache, useResponseCache, type CacheSlot } from './response-cache.ts'
import { secretsOf } from '../../config/shapes.ts'
import { createContext, type Parts } from '../parts.ts'
import { useServerSentEvents, useStreams } from '../sse.ts'
import type { Ctx } from '../../context.ts'
import type { Tally } from '../../graph/endpoint.ts'
import { OperationBudget } from '../../reads/dispatch.ts'
import { type MemoryCheck, uncheckedMs } from '../../reads/memory-check.ts'
import type { Reads } from '../../reads/reads.ts'
import { defaultLimits, type DocumentLimits, useDocumentLimits } from './limits/limits.ts'
import { createMask } from './mask.ts'

/** What the routes have found out about a request before Yoga has it. */
interface RequestContext {
  readonly actor: Actor
  /** For WebSocket operations; HTTP ones end with their request. */
  readonly gone?: AbortSignal
  /** Where its response may be cached. */
  readonly slot?: CacheSlot
}

const graphPrices = { fields: prices, perApp: pricedPerApp, mutation: mutationPrice }

const maxBodyBytes = 100_000

/** GraphQL over HTTP and SSE, and the execution that the WebSocket server shares. Everything else is off. */
export function createGraphql(parts: Parts) {
  const mask = createMask(parts.logger, secretsOf(parts.config))
  const { cache } = parts.memory
  const responses = new ResponseCache(() => cache.since)
  parts.metrics.watchMemory(() => ({ ...cache.size, answers: responses.size }))
  const yoga = createYoga<RequestContext>({
    schema,
    context: ({ actor, gone, request }) =>
      createContext(parts, {
        actor,
        gone: gone ?? request.signal,
        resumeFrom: gone ? null : request.headers.get('last-event-id'),
      }),
    plugins: [
      useDocumentLimits(defaultLimits, graphPrices),
      useGraphCost(defaultLimits, parts.memoryCheck),
      useResponseCache(responses),
      useStreams(parts.metrics, parts.config),
      useBroadcasts(mask),
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
  return { yoga, responses }
}

export type Graphql = ReturnType<typeof createGraphql>

/**
 * `extensions.graph` on the answer to each query or mutation that Graph or memory had a part in: HTTP requests to Graph,
 * units as Meta counts them, and reads that memory has answered. Every caller gets it, as the figures are about the
 * caller's own operation alone. Items of a stream have none, since subscribers share reads. A query has one deadline and
 * one limit of units, and its memory is compared with the store before.
 */
function useGraphCost({ units }: Pick<DocumentLimits, 'units'>, check: MemoryCheck | null): Plugin<Ctx> {
  const begin = ({ reads, cost }: Ctx, isChecked: boolean) => {
    reads.within(new OperationBudget(units), isChecked ? Infinity : uncheckedMs)
    return showCost(reads, cost, isChecked)
  }
  return {
    onExecute({ args }) {
      const { reads, cost } = args.contextValue
      if (operationOf(args) !== 'mutation')
        return check
          ? check.isCurrent().then((is) => begin(args.contextValue, is))
          : begin(args.contextValue, true)
      // A mutation reads from Graph, never from memory: what it decides by and what it shows are states of now. And each
      // of its reads has a deadline of its own, so that what comes before a write takes no time from the look after it.
      reads.renew()
      cost.priority = 'change'
      return showCost(reads, cost, true)
    },
  }
}

type Executing = Awaited<ReturnType<NonNullable<Plugin<Ctx>['onExecute']>>>

function showCost(reads: Reads, cost: Tally, isChecked: boolean): Executing {
  return {
    onExecuteDone({ result, setResult }) {
      const { cached } = reads
      const { requests, units } = cost
      const unchecked = !isChecked && cached > 0 ? { unchecked: true } : {}
      const spent = requests + units + cached > 0
      if (spent && isSingle(result)) setResult(withCost(result, { requests, units, cached, ...unchecked }))
    },
  }
}

function operationOf({ document, operationName }: ExecutionArgs): string | undefined {
  return getOperationAST(document, operationName)?.operation
}

function isSingle(result: object): result is ExecutionResult {
  return !(Symbol.asyncIterator in result)
}

function withCost(result: ExecutionResult, graph: object): ExecutionResult {
  return { ...result, extensions: { ...result.extensions, graph } }
}
