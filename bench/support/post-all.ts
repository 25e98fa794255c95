import { Connection } from './connection.ts'

export interface Posted {
  readonly seconds: number
  /** Milliseconds from the first byte out to the whole answer in, of each request. */
  readonly latencies: readonly number[]
}

/**
 * Sends every request once, over so many connections, one at a time on each. Written by hand because each request
 * is another one: general load generators sign and print them while the clock runs, and take the servers' processor.
 */
export async function postAll(
  url: string,
  requests: readonly Buffer[],
  connections: number,
): Promise<Posted> {
  const waiting = requests.toReversed()
  const latencies: number[] = []
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)))
  const begun = performance.now()
  await Promise.all(open.map((connection) => work(connection, waiting, latencies)))
  const seconds = (performance.now() - begun) / 1_000
  for (const connection of open) connection.close()
  return { seconds, latencies }
}

async function work(connection: Connection, waiting: Buffer[], latencies: number[]): Promise<void> {
  for (let request = waiting.pop(); request; request = waiting.pop()) {
    const begun = performance.now()
    await connection.ask(request)
    latencies.push(performance.now() - begun)
  }
}
