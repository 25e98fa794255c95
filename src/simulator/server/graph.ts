import type { IncomingMessage, ServerResponse } from 'node:http'

import { executeBatch } from '../graph/batch.ts'
import type { GraphCall } from '../graph/call.ts'
import { GraphError, asGraphError, envelope, statusOf } from '../graph/error.ts'
import type { Params } from '../graph/params.ts'
import type { Sim } from '../sim.ts'
import type { Ending } from '../faults/ending.ts'
import { runItems } from './batch-items.ts'
import { bodyLimit, parseBody, readBody } from './body.ts'
import { incoming } from './incoming.ts'
import { deliver } from './misbehave.ts'
import { entryOf, insideRoutes, isBatch } from './record.ts'
import { run } from './run.ts'
import { underFaults } from './under-faults.ts'

const everyKind = [
  ...(['error', 'latency', 'hang', 'reset', 'truncate', 'html', 'throttle'] as const),
  ...(['unknownField', 'lostReply'] as const),
]

/** One HTTP request to the Graph side: read, count, let faults strike, answer. */
export async function serveGraph(
  sim: Sim,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  stop: AbortSignal,
): Promise<void> {
  const body = await bodyOf(request, url.pathname)
  const arrived = incoming(request, url, body instanceof GraphError ? new Map() : body)
  const entry = entryOf(sim, arrived)
  sim.journal.add(entry, insideRoutes(sim, arrived.call))
  const ending = body instanceof GraphError ? refusal(body) : await endingOf(sim, arrived.call, stop)
  deliver(ending, response, entry)
}

async function bodyOf(request: IncomingMessage, pathname: string): Promise<GraphError | Params> {
  try {
    return await parseBody(
      await readBody(request, bodyLimit(pathname)),
      request.headers['content-type'] ?? '',
    )
  } catch (error) {
    return asGraphError(error)
  }
}

const refusal = (error: GraphError): Ending => ({
  kind: 'answer',
  answer: { status: statusOf(error.code), headers: {}, body: envelope(error) },
})

async function endingOf(sim: Sim, call: GraphCall, stop: AbortSignal): Promise<Ending> {
  if (!isBatch(call)) return underFaults(sim, call, everyKind, stop, (struck) => run(sim, struck))
  const items = runItems(sim, stop)
  const ending = await underFaults(sim, call, everyKind, stop, (struck) => executeBatch(struck, items.run))
  return items.settle(ending)
}
