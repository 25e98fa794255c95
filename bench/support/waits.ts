import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.ts'

/** How often is asked meanwhile whether the gateway answers. */
const everyMs = 5

export const healthCall = (): Buffer => Buffer.from('GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n')

/** How long each of these requests took, one after the other until the signal. */
export async function waits(
  url: string,
  request: () => Buffer,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const connection = await Connection.open(url)
  const taken: number[] = []
  while (!signal.aborted) {
    taken.push(await timeOn(connection, request()))
    await sleep(everyMs)
  }
  connection.close()
  return taken
}

/** How long one request takes. */
export async function timeOn(connection: Connection, request: Buffer): Promise<number> {
  const begun = performance.now()
  await connection.ask(request)
  return performance.now() - begun
}
