import type { ServerResponse, IncomingMessage } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { callerOf } from '../access/caller.ts'
import type { Config } from '../config/config.ts'
import type { StreamPosition } from '../context.ts'
import { printResult } from './broadcast/outlet.ts'
import type { Metrics } from './ops/metrics.ts'
import { ConnectionLimit } from './connection-limit.ts'
import { retryAfterSeconds } from './reply.ts'

const pingMs = 12_000
/** How long a client should wait before it connects again, in milliseconds. */
const retryMs = 2_000

type Results = AsyncIterable<ExecutionResult>
interface Streaming {
  readonly streamPosition: StreamPosition
  readonly request: Request
  readonly res?: ServerResponse
}
type Opened = Pick<Streaming, 'streamPosition' | 'res'>

/**
 * Server-sent events in graphql-sse's "distinct connections" mode. A client can resume by itself: each item has its cursor
 * as `id:`, which browsers and clients send back as `Last-Event-ID`.
 */
export function useServerSentEvents(): Plugin<Streaming> {
  const opened = new WeakMap<Request, Opened>()
  return {
    onSubscribe({ args }) {
      const { request, streamPosition, res } = args.contextValue
      opened.set(request, { streamPosition, ...(res && { res }) })
    },
    onResultProcess({ request, result, setResultProcessor }) {
      const stream = opened.get(request)
      if (!stream || !isResults(result) || !request.headers.get('accept')?.includes('text/event-stream'))
        return
      setResultProcessor(() => new Response(eventStream(result, stream), { headers }), 'text/event-stream')
    },
  }
}

// Proxies are told not to collect the stream before they pass it on (the last is nginx's name for it), nor to compress it.
const headers = {
  'content-type': 'text/event-stream',
  'content-encoding': 'none',
  'cache-control': 'no-cache, no-store, no-transform',
  'x-accel-buffering': 'no',
}

function isResults(result: unknown): result is Results {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result
}

function eventStream(results: Results, { streamPosition, res }: Opened): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const items = results[Symbol.asyncIterator]()
  let ping: NodeJS.Timeout | undefined
  const leave = async (): Promise<void> => {
    clearInterval(ping)
    await items.return?.()
  }
  // A client that disconnects does not cancel the stream: Yoga would wait for the response to drain.
  res?.once('close', () => void leave().catch(() => {}))
  return new ReadableStream({
    start(controller) {
      // Sent at once: some browsers report the connection as open only after the first bytes.
      controller.enqueue(encoder.encode(`retry: ${retryMs}\n\n`))
      ping = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(':\n\n'))
      }, pingMs)
    },
    async pull(controller) {
      const { done, value } = await items.next()
      if (value) controller.enqueue(encoder.encode(toEvent(value, streamPosition.cursor)))
      if (!done && !isFailure(value)) return
      controller.enqueue(encoder.encode('event: complete\ndata:\n\n'))
      controller.close()
      await leave()
    },
    cancel: leave,
  })
}

/** Whether the stream itself has failed, and not a field of an item: the result of an item has `data`, if only null. */
function isFailure(result: ExecutionResult): boolean {
  return !('data' in result)
}

// One chunk per event, so that nothing can come between its lines.
function toEvent(result: ExecutionResult, cursor: string | null): string {
  const id = cursor === null ? '' : `id: ${cursor}\n`
  return `event: next\n${id}data: ${printResult(result)}\n\n`
}

/** A stream costs a connection and some 20 KB. One front end may have half of what there is. */
const mostStreams = { all: 10_000, perCaller: 5_000 }

interface Served {
  readonly req?: IncomingMessage
  readonly res?: ServerResponse
}

/** Counts the streams over HTTP and keeps them from becoming too many. Sockets have their own count. */
export function useStreams(
  { streams, countRefused }: Pick<Metrics, 'streams' | 'countRefused'>,
  { trustedProxies }: Pick<Config, 'trustedProxies'>,
  most = mostStreams,
): Plugin<Served> {
  const limit = new ConnectionLimit(most)
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { req, res } = args.contextValue
      if (!req || !res) return
      const { network } = callerOf(req, trustedProxies)
      if (limit.isFullFor(network)) {
        countRefused('stream')
        return setResultAndStopExecution({ errors: [tooMany()] })
      }
      const leave = limit.take(network)
      streams.inc({ transport: 'sse' })
      res.once('close', () => {
        leave()
        streams.dec({ transport: 'sse' })
      })
    },
  }
}

function tooMany(): GraphQLError {
  const extensions = {
    code: 'TOO_MANY_STREAMS',
    http: { status: 503, headers: { 'retry-after': retryAfterSeconds } },
  }
  return new GraphQLError('Too many streams are open.', { extensions })
}
