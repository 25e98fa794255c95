import type { Server, ServerResponse } from 'node:http'
import { Server as Listener } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

/** A turn of the loop that took less had nothing to do. */
const quietMs = 0.2
/** How long a quiet turn is waited for. */
const busyMs = 1_000
const drainMs = 15_000

interface Sockets {
  close(until: number): Promise<void>
}

/** Ends a server in two steps, so that no request is met by a connection that has just been closed. */
export class Closing {
  readonly #server: Server
  readonly #answers: ReadonlySet<ServerResponse>
  readonly #closed = Promise.withResolvers<void>()

  /** `answers`: those that are under way. */
  constructor(server: Server, answers: ReadonlySet<ServerResponse>) {
    this.#server = server
    this.#answers = answers
  }

  /**
   * Takes no more connections. Those that there are stay, each for one more answer: it says so (`Connection: close`). A
   * connection that is made in the same moment would be reset, so this happens in a turn of the loop that brings none.
   */
  async stopListening(): Promise<void> {
    await awaitQuiet(this.#server)
    // Not the server's own `close`: that ends idle connections, on which a proxy may just be sending a request.
    Listener.prototype.close.call(this.#server, () => this.#closed.resolve())
    for (const answer of this.#answers) answer.shouldKeepAlive = false
  }

  /** Ends sockets and idle connections, and waits for the others: a client that never reads is cut off after 15 s. */
  async end(sockets: Sockets): Promise<void> {
    const idle = setInterval(() => this.#server.closeIdleConnections(), 50)
    const force = setTimeout(() => this.#server.closeAllConnections(), drainMs)
    await Promise.all([sockets.close(Date.now() + drainMs), this.#closed.promise])
    clearTimeout(force)
    clearInterval(idle)
    // Its timer for slow requests would keep the process alive.
    this.#server.close()
  }
}

async function awaitQuiet(server: Server): Promise<void> {
  let accepted = 0
  const count = (): void => void accepted++
  server.on('connection', count)
  const until = performance.now() + busyMs
  // What is left of this turn does not look for connections.
  await turn()
  for (let from = performance.now(); from < until;) {
    const before = accepted
    await turn()
    const now = performance.now()
    if (accepted === before && now - from < quietMs) break
    from = now
  }
  server.off('connection', count)
}
