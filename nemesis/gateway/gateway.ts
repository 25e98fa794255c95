import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '../within.ts'
import type { Order } from './order.ts'
import { startGateway, type Life } from './process.ts'

/** How long a start may take, whatever the nemesis does meanwhile. */
const startMs = 240_000
const retryMs = 200
/** A SIGTERM is obeyed within 20 s, or the process ends itself with an error. */
const drainMs = 60_000

/** One instance, started again whenever it ends. */
export class Gateway {
  readonly name: string
  /** Ends that nobody ordered. */
  readonly crashes: string[] = []
  /** How often it did not come to the point it was ordered to die at. */
  missed = 0
  starts = 0
  readonly #env: Readonly<Record<string, string>>
  readonly #running: Promise<void>
  #url = ''
  #life: Life | null = null
  #up = Promise.withResolvers<void>()
  /** The ends that it was ordered: each may come first. */
  readonly #ordered = new Set<NodeJS.Signals>()
  #orderedAt = 0
  #isClosing = false

  constructor(name: string, env: Readonly<Record<string, string>>) {
    this.name = name
    this.#env = env
    this.#running = this.#run()
  }

  /** The same one over restarts, unless somebody else has taken the port. */
  get url(): string {
    return this.#url
  }

  /** Null while it starts. */
  get pid(): number | null {
    return this.#life?.child.pid ?? null
  }

  /** Resolves when it serves. */
  up(): Promise<void> {
    return within(startMs, `${this.name} to serve`, this.#up.promise)
  }

  /** A second SIGTERM means an end at once, without care: it is not sent. */
  kill(signal: NodeJS.Signals): void {
    if (!this.#life || (signal === 'SIGTERM' && this.#ordered.has(signal))) return
    this.#ordered.add(signal)
    this.#life.child.kill(signal)
  }

  /** False when it is not there to hear. */
  order(order: Order): boolean {
    if (!this.#life?.child.connected) return false
    if (order.name !== 'be full') this.#ordered.add('SIGKILL')
    // It may die before it reads: then it has not heard, and whoever waits for its end finds that.
    return this.#life.child.send(order, () => undefined)
  }

  /** Resolves when the process that serves now has ended. */
  async ended(): Promise<void> {
    await this.#life?.ended
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.kill('SIGTERM')
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      const life = startGateway({ ...this.#env, PORT: this.#port })
      const url = await life.address
      if (url === null) {
        await this.#failed(life)
        continue
      }
      await this.#serve(life, url)
    }
  }

  async #serve(life: Life, url: string): Promise<void> {
    this.starts++
    this.#url = url
    this.#life = life
    this.#up.resolve()
    if (this.#isClosing) this.kill('SIGTERM')
    const patience = setInterval(() => this.#giveUp(life), 500)
    this.#judge(life, await life.ended)
    clearInterval(patience)
    this.#life = null
    this.#ordered.clear()
    this.#orderedAt = 0
    this.#up = Promise.withResolvers<void>()
  }

  /** A SIGTERM that is not obeyed must not hold the run up. */
  #giveUp({ child }: Life): void {
    if (!this.#ordered.has('SIGTERM')) return
    this.#orderedAt ||= performance.now()
    if (performance.now() - this.#orderedAt < drainMs) return
    this.crashes.push(`${this.name} did not end within ${drainMs} ms of a SIGTERM`)
    child.kill('SIGKILL')
  }

  #judge({ said }: Life, end: number | string): void {
    // A SIGTERM is obeyed with a clean end.
    if (end === 0 ? this.#ordered.has('SIGTERM') : end === 'SIGKILL' && this.#ordered.has(end)) return
    const ordered = [...this.#ordered].join(', ') || 'nothing'
    this.crashes.push(`${this.name} ended with ${end} (ordered: ${ordered}): ${said()}`)
  }

  /** The store may be away, or another process may have the port. */
  async #failed({ said }: Life): Promise<void> {
    if (said().includes('already in use')) this.#url = ''
    else if (!said().includes('cannot be used')) this.crashes.push(`${this.name} did not start: ${said()}`)
    await sleep(retryMs)
  }

  get #port(): string {
    return this.#url === '' ? '0' : new URL(this.#url).port
  }
}
