import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Metrics } from './ops/metrics.ts'
import { callerOf, Room } from './connection-limit.ts'

/** A stream costs a connection and some 20 KB. One front end may have half of what there is. */
const size = { all: 10_000, perCaller: 5_000 }

interface Served {
  readonly req?: IncomingMessage
  readonly res?: ServerResponse
}

/** Counts the streams over HTTP and keeps them from becoming too many. Sockets have their own count. */
export function useStreams({ streams }: Pick<Metrics, 'streams'>): Plugin<Served> {
  const room = new Room(size)
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { req, res } = args.contextValue
      if (!req || !res) return
      const caller = callerOf(req)
      if (room.isFullFor(caller)) return setResultAndStopExecution({ errors: [tooMany()] })
      const leave = room.take(caller)
      streams.inc({ transport: 'sse' })
      res.once('close', () => {
        leave()
        streams.dec({ transport: 'sse' })
      })
    },
  }
}

function tooMany(): GraphQLError {
  const extensions = { code: 'TOO_MANY_STREAMS', http: { status: 503 } }
  return new GraphQLError('Too many streams are open.', { extensions })
}
