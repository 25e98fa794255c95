import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A wire to a database that can be cut, be slow, go silent with its connections open, or lead elsewhere from now on. */
export interface Wire {
  readonly url: string
  /** Of the connection with the most: how often something was sent after something had been received. */
  readonly roundTrips: number
  /** What is sent arrives so much later, in each direction. */
  delay(ms: number): void
  cut(): void
  silence(): void
  restore(): void
  /** As when a name leads to another machine: connections break, and new ones go there. */
  leadTo(url: string): void
}

export async function wireTo(url: string): Promise<Wire> {
  const [target, sockets] = [new URL(url), new Set<Socket>()]
  let [isSilent, delayMs, mostRoundTrips] = [false, 0, 0]
  let { port, hostname } = target
  const pass = (chunk: Buffer, to: Socket): void => {
    if (isSilent) return
    if (delayMs === 0) to.write(chunk)
    else later(delayMs, () => void (to.destroyed || to.write(chunk)))
  }
  const server = createServer((near) => {
    if (isSilent) return void sockets.add(near)
    const far = connect(Number(port), hostname)
    let [roundTrips, isAnswered] = [0, true]
    near.on('data', (chunk: Buffer) => {
      if (isAnswered) mostRoundTrips = Math.max(mostRoundTrips, ++roundTrips)
      isAnswered = false
      pass(chunk, far)
    })
    far.on('data', (chunk: Buffer) => {
      isAnswered = true
      pass(chunk, near)
    })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        if (!isSilent) later(delayMs, () => to.destroy())
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(() => {
    isSilent = false
    cut()
    server.close()
  })
  const own = Object.assign(new URL(url), { port: String((server.address() as AddressInfo).port) })
  return {
    url: own.href,
    get roundTrips() {
      return mostRoundTrips
    },
    delay: (ms) => void (delayMs = ms),
    cut,
    silence: () => void (isSilent = true),
    restore: () => {
      isSilent = false
      cut()
    },
    leadTo: (other) => {
      const there = new URL(other)
      port = there.port
      hostname = there.hostname
      cut()
    },
  }
}

/** The order of what waits stays. */
function later(ms: number, what: () => void): void {
  if (ms === 0) what()
  else setTimeout(what, ms)
}
