import autocannon from 'autocannon'
import type { Child } from './child.ts'
import { cpuMs } from './process-usage.ts'

const connections = 16
const seconds = 2

export interface Loaded {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Processor time of the server for one request, in microseconds. */
  readonly cpuPerRequest: number
}

/** Sends one POST after another. Anything but a 2xx breaks the benchmark. */
export async function load(
  server: Child,
  path: string,
  given: Record<string, string>,
  body: () => string,
): Promise<Loaded> {
  const cpuBefore = cpuMs(server.pid)
  const headers = { 'content-type': 'application/json', ...given }
  const result = await autocannon({
    url: `${server.url}${path}`,
    connections,
    duration: seconds,
    requests: [
      { method: 'POST', headers, body: '', setupRequest: (request) => ({ ...request, body: body() }) },
    ],
  })
  const failed = result.errors + result.timeouts + result.non2xx
  if (failed > 0) throw new Error(`${failed} of the requests to ${server.url}${path} failed`)
  const count = result['2xx']
  const { p50, p99 } = result.latency
  const cpuPerRequest = ((cpuMs(server.pid) - cpuBefore) * 1_000) / count
  return { perSecond: count / result.duration, p50, p99, cpuPerRequest }
}
