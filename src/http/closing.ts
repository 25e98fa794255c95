import type { Server, ServerResponse } from 'node:http'
import { Server as Listener } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { pause } from '../lib/pause.ts'

/** How long a turn of the loop without anything to do is waited for. */
const busyMs = 1_000
const pauseMs = 50
/** After how long without a request nobody uses the connections that are kept, and how long that is waited for. */
const stillMs = 500
const settleMs = 5_000
const drainMs = 15_000

interface Sockets {
  close(until: number): Promise<void>
}

/** Ends a server in two steps, so that no request is met by a connection that has just been closed. */
export class Closing {
  readonly #server: Server
  readonly #answers: ReadonlySet<ServerResponse>
  readonly #closed = Promise.withResolvers<void>()
  #lastAt = 0

  /** `answers`: those that are under way. */
  constructor(server: Server, answers: ReadonlySet<ServerResponse>) {
    this.#server = server
    this.#answers = answers
  }

  /**
   * Takes no more connections. Those that there are stay, each for one more answer: it says so (`Connection: close`). One
   * that waits to be accepted would be reset, so this happens when none does.
   */
  async stopListening(): Promise<void> {
    await awaitQuiet()
    // Not the server's own `close`: that ends idle connections, on which a proxy may just be sending a request.
    Listener.prototype.close.call(this.#server, () => this.#closed.resolve())
    for (const answer of this.#answers) answer.shouldKeepAlive = false
  }

  /** A request that comes now is the last one on its connection. */
  takeLast(answer: ServerResponse): void {
    answer.shouldKeepAlive = false
    this.#lastAt = performance.now()
  }

  /** Waits until no more requests come: a balancer that is refused new connections leaves those alone that it has. */
  async settle(): Promise<void> {
    const begun = performance.now()
    const quietFor = (): number => performance.now() - Math.max(this.#lastAt, begun)
    while (quietFor() < stillMs && performance.now() - begun < settleMs) await pause(pauseMs)
  }

  /** Ends sockets and idle connections, and waits for the others: a client that never reads is cut off after 15 s. */
  async end(sockets: Sockets): Promise<void> {
    const over = new AbortController()
    const idle = this.#closeIdle(over.signal)
    const force = setTimeout(() => this.#server.closeAllConnections(), drainMs)
    await Promise.all([sockets.close(Date.now() + drainMs), this.#closed.promise])
    clearTimeout(force)
    over.abort()
    await idle
    // Its timer for slow requests would keep the process alive.
    this.#server.close()
  }

  async #closeIdle(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await awaitQuiet()
      this.#server.closeIdleConnections()
      await pause(pauseMs, over)
    }
  }
}

/**
 * Resolves in a turn of the loop that has just looked for what came in and found nothing. What is closed in it is used by
 * nobody: a request that is there already, and has not been read, would be answered with a reset.
 */
async function awaitQuiet(): Promise<void> {
  const until = performance.now() + busyMs
  // What is left of this turn does not look.
  await turn()
  for (let before = -1; performance.now() < until; await turn()) {
    const { events } = performance.nodeTiming.uvMetricsInfo
    if (events === before) return
    before = events
  }
}
