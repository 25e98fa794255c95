import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'

import { serveControl } from '../control/control.ts'
import { GraphError, envelope, unknownPath } from '../graph/error.ts'
import { traced } from '../graph/trace.ts'
import type { Sim } from '../sim.ts'
import { serveGraph } from './graph.ts'
import { isLocal } from './local.ts'
import { sendJson } from './send.ts'

async function serve(
  sim: Sim,
  request: IncomingMessage,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  if (!isLocal(request.headers)) return refuse(response, 403, foreign)
  const url = URL.parse(request.url ?? '', 'http://simulator.invalid')
  if (url?.hostname !== 'simulator.invalid') return refuse(response, 400, unknownPath(''))
  if (/^\/__sim(\/|$)/.test(url.pathname)) return serveControl(sim, request, response, url.pathname)
  return serveGraph(sim, request, response, url, stop)
}

const foreign = new GraphError(
  10,
  'The simulator serves this machine only: neither other hosts nor their pages',
)

function refuse(response: ServerResponse, code: number, error: GraphError): void {
  const { status, body, headers } = traced({ status: code, headers: {}, body: envelope(error) })
  sendJson(response, status, body, headers)
}

/** The address it listens on; refuses as node does when the port is taken. */
export function listen(sim: Sim, host: string, port: number, stop: AbortSignal): Promise<Server> {
  const server = createServer((request, response) => {
    serve(sim, request, response, stop).catch(() => response.destroy())
  })
  // Clients keep connections; closing an idle one early would look like a fault that nobody asked for
  server.keepAliveTimeout = 65_000
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve(server))
  })
}
