import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'

import { serveControl } from '../control/control.ts'
import { unknownPath, envelope } from '../graph/error.ts'
import type { Sim } from '../sim.ts'
import { serveGraph } from './graph.ts'
import { sendJson } from './send.ts'

async function serve(
  sim: Sim,
  request: IncomingMessage,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  const url = URL.parse(request.url ?? '', 'http://simulator.invalid')
  if (url?.hostname !== 'simulator.invalid') return sendJson(response, 400, envelope(unknownPath('')))
  if (/^\/__sim(\/|$)/.test(url.pathname)) return serveControl(sim, request, response, url.pathname)
  return serveGraph(sim, request, response, url, stop)
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
