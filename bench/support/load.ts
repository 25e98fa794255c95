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

/** Sends one POST over and over. Anything but a 2xx breaks the benchmark. */
export async function load(server: Child, path: string, headers: Record<string, string>, body: string) {
  const cpuBefore = cpuMs(server.pid)
  const result = await autocannon({
    url: `${server.url}${path}`,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const failed = result.errors + result.timeouts + result.non2xx
  if (failed > 0) throw new Error(`${failed} of the requests to ${server.url}${path} failed`)
  const count = result['2xx']
  const { p50, p99 } = result.latency
  const cpuPerRequest = ((cpuMs(server.pid) - cpuBefore) * 1_000) / count
  return { perSecond: count / result.duration, p50, p99, cpuPerRequest } satisfies Loaded
}
