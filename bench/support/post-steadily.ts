import { setTimeout as sleep } from 'node:timers/promises'
import { Connection } from './connection.ts'

/**
 * Sends every request once, at an even pace that slow answers do not hold back: on a connection that is free, or a
 * new one. Gives the milliseconds from when each was due to its whole answer, so that waiting for a turn counts too.
 */
export async function postSteadily(
  url: string,
  requests: readonly Buffer[],
  perSecond: number,
  sending: (index: number, due: number) => void,
): Promise<readonly number[]> {
  const latencies: number[] = []
  let free: Connection[] = []
  const answers: Promise<void>[] = []
  const begun = performance.now()
  for (const [index, request] of requests.entries()) {
    const due = begun + (index * 1_000) / perSecond
    if (due > performance.now()) await sleep(due - performance.now())
    sending(index, due)
    free = free.filter((connection) => connection.isOpen)
    answers.push(post(free.pop() ?? (await Connection.open(url)), request, due))
  }
  await Promise.all(answers)
  for (const connection of free) connection.close()
  return latencies

  async function post(connection: Connection, request: Buffer, due: number): Promise<void> {
    await connection.ask(request)
    latencies.push(performance.now() - due)
    free.push(connection)
  }
}
