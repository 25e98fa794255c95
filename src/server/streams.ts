import type { ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Metrics } from './metrics.ts'

const maxStreams = 5_000

/** Counts the streams over HTTP and keeps them from becoming too many. Sockets have their own count. */
export function useStreams({ streams }: Pick<Metrics, 'streams'>): Plugin<{ res?: ServerResponse }> {
  let open = 0
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { res } = args.contextValue
      if (!res) return
      if (open >= maxStreams) return setResultAndStopExecution({ errors: [tooMany()] })
      open++
      streams.inc({ transport: 'sse' })
      res.once('close', () => {
        open--
        streams.dec({ transport: 'sse' })
      })
    },
  }
}

function tooMany(): GraphQLError {
  const extensions = { code: 'TOO_MANY_STREAMS', http: { status: 503 } }
  return new GraphQLError('Too many streams are open.', { extensions })
}
