import { connect, type Socket } from 'node:net'

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
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(url)))
  const begun = performance.now()
  await Promise.all(sockets.map((socket) => work(socket, waiting, latencies)))
  const seconds = (performance.now() - begun) / 1_000
  for (const socket of sockets) socket.destroy()
  return { seconds, latencies }
}

function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

function work(socket: Socket, waiting: Buffer[], latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let begun = 0
    let answer = ''
    const send = (): void => {
      const request = waiting.pop()
      if (request === undefined) return resolve()
      begun = performance.now()
      answer = ''
      socket.write(request)
    }
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (!isWhole(answer)) return
      if (!answer.startsWith('HTTP/1.1 200 ')) return reject(new Error(`A post was answered: ${answer}`))
      latencies.push(performance.now() - begun)
      send()
    })
    socket.once('close', () => reject(new Error('A server closed the connection')))
    send()
  })
}

// Both servers send short answers with a length.
function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end === -1) return false
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1] ?? 0)
  return answer.length >= end + 4 + length
}
