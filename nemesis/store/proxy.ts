import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

interface Pair {
  readonly near: Socket
  readonly far: Socket
}

/** The wire between one gateway and the database. */
export class Proxy {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  #state: 'open' | 'cut' | 'held' = 'open'

  private constructor(port: number) {
    this.#server = createServer({ pauseOnConnect: true }, (near) => this.#join(near, port))
  }

  static async start(port: number): Promise<Proxy> {
    const proxy = new Proxy(port)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Every connection breaks, and new ones do too. */
  async cut(ms: number): Promise<void> {
    this.#state = 'cut'
    this.#breakAll()
    await sleep(ms)
    this.#state = 'open'
  }

  /** Nothing comes through either way and nobody is told; then all of it does. */
  async hold(ms: number): Promise<void> {
    this.#state = 'held'
    for (const pair of this.#pairs) pause(pair)
    await sleep(ms)
    this.#state = 'open'
    for (const { near, far } of this.#pairs) {
      near.resume()
      far.resume()
    }
  }

  /** What is asked arrives, what is answered does not; then every connection breaks. */
  async deafen(ms: number): Promise<void> {
    for (const { far } of this.#pairs) far.pause()
    await sleep(ms)
    this.#breakAll()
  }

  async close(): Promise<void> {
    this.#breakAll()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket, port: number): void {
    near.on('error', () => near.destroy())
    if (this.#state === 'cut') return void near.resetAndDestroy()
    const far = connect({ host: '127.0.0.1', port, noDelay: true })
    const pair = { near, far }
    this.#pairs.add(pair)
    const end = (): void => {
      this.#pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    far.on('error', end).on('close', end)
    near.setNoDelay().on('close', end)
    // By hand: `pipe` would resume what is held.
    near.on('data', (chunk: Buffer) => void far.write(chunk))
    far.on('data', (chunk: Buffer) => void near.write(chunk))
    if (this.#state === 'held') pause(pair)
    else near.resume()
  }

  #breakAll(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    this.#pairs.clear()
  }
}

function pause({ near, far }: Pair): void {
  near.pause()
  far.pause()
}
