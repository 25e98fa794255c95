import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { entryOf, type Entry, type Item, type Place } from './items.ts'
import { openSse, openSseByHeader } from './sse-stream.ts'
import type { Open, Stream } from './stream.ts'
import { openWs } from './ws-stream.ts'

export const transports = { ws: openWs, sse: openSse, 'sse by header': openSseByHeader } as const

export interface SubscriberOptions {
  readonly transport: keyof typeof transports
  readonly place: Place
  readonly random: Random
  /** An address to connect to, perhaps another one each time. */
  address(random: Random): string
}

/** Follows the log over as many connections as it takes, from the last cursor it had. */
export class Subscriber {
  readonly name: string
  readonly appId: string | null
  /** Why connections ended, and how often. */
  readonly ends = new Map<string, number>()
  /** Connections that brought something, after the first. */
  reconnections = -1
  readonly #open: Open
  readonly #random: Random
  readonly #address: SubscriberOptions['address']
  readonly #running: Promise<void>
  #cursor: string
  #entries: Entry[] = []
  #stream: Stream | null = null
  #isClosed = false

  constructor({ transport, place, random, address }: SubscriberOptions) {
    this.name = `${transport} of ${place.appId ?? 'all'}`
    this.appId = place.appId
    this.#cursor = place.after
    this.#open = transports[transport]
    this.#random = random
    this.#address = address
    this.#running = this.#run()
  }

  /** What came since the last take, in the order in which it came. */
  take(): readonly Entry[] {
    const taken = this.#entries
    this.#entries = []
    return taken
  }

  get last(): Entry | undefined {
    return this.#entries.at(-1)
  }

  /** Leaves; soon it comes back. */
  leave(): void {
    this.#stream?.close()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.leave()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const place = { after: this.#cursor, appId: this.appId }
      let isNew = true
      this.#stream = this.#open(this.#address(this.#random), place, (item) => {
        if (isNew) this.reconnections++
        isNew = false
        this.#keep(item)
      })
      const reason = await this.#stream.over
      this.ends.set(reason, (this.ends.get(reason) ?? 0) + 1)
      if (!this.#isClosed) await sleep(this.#random.between(10, 200))
    }
  }

  #keep(item: Item): void {
    if (item.cursor !== undefined) this.#cursor = item.cursor
    const entry = entryOf(item)
    if (entry) this.#entries.push(entry)
  }
}
