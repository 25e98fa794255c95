import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { createClient, endClient, retryMs } from './connect.ts'
import { isSession } from './route.ts'

export interface ListenerOptions {
  readonly url: string
  readonly logId: string
  /** How often the head is read, in case a notification was lost. */
  readonly pollMs: number
}

export interface Heard {
  /** Reads where the head is. */
  readHead(): Promise<number>
  /** An append has reached this position. */
  grown(head: number): void
  /** The head is at this position now; lower than before when the database was restored. */
  found(head: number): void
}

/** After this silence of the server its connection counts as dead. */
const silenceMs = 2000

/** How often the head is read while no notification can arrive. */
const pollAloneMs = 250

/**
 * Learns what other instances append. A notification that is sent while nobody listens is lost, so the head is read after
 * each connect and then from time to time. Behind a pooler, and while the connection is away, it is read more often.
 */
export class NotificationListener {
  readonly #options: ListenerOptions
  readonly #channel: string
  readonly #heard: Heard
  readonly #closing = new AbortController()
  readonly #first = Promise.withResolvers<boolean>()
  #client: Client | null = null
  #isListening = false
  #rest = new AbortController()
  #failures = 0

  constructor(options: ListenerOptions, heard: Heard) {
    this.#options = options
    this.#channel = `mps_gateway_${options.logId}`
    this.#heard = heard
    void this.#listen()
    void this.#poll()
  }

  /** Whether notifications could be had when this began. */
  get notifies(): Promise<boolean> {
    return this.#first.promise
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#first.resolve(false)
    this.#rest.abort()
    await this.#drop()
  }

  /** Keeps a connection on which notifications arrive, unless there can be none. */
  async #listen(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const ms = await this.#check()
      this.#first.resolve(this.#isListening)
      if (ms === null) return
      const wasWoken = await this.#pause(ms)
      if (wasWoken) await this.#pause(retryMs(this.#failures))
    }
  }

  /** Returns how long to wait until the connection is checked next, and null when a pooler is on the way. */
  async #check(): Promise<number | null> {
    try {
      const client = this.#client ?? (await this.#connect())
      if (!this.#isListening && !(await isSession(client))) {
        await this.#drop()
        return null
      }
      await client.query(this.#isListening ? 'SELECT 1' : `LISTEN ${this.#channel}`)
      this.#isListening = true
      this.#failures = 0
      await this.#look()
      return this.#options.pollMs
    } catch {
      await this.#drop()
      return retryMs(this.#failures++)
    }
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing
    const ms = Math.min(pollAloneMs, this.#options.pollMs)
    for (;;) {
      await sleep(ms, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      if (!this.#isListening) await this.#look()
    }
  }

  /** While the store cannot be read there is nothing to learn. */
  async #look(): Promise<void> {
    await this.#heard.readHead().then(
      (head) => this.#closing.signal.aborted || this.#heard.found(head),
      () => {},
    )
  }

  /** Whether it ended before its time. */
  async #pause(ms: number): Promise<boolean> {
    if (this.#closing.signal.aborted) return true
    this.#rest = new AbortController()
    return sleep(ms, false, { signal: this.#rest.signal }).catch(() => true)
  }

  async #connect(): Promise<Client> {
    // What a pooler would refuse is not needed for listening.
    const route = { url: this.#options.url, isPooled: true }
    const client = createClient(route, { application_name: this.#channel, query_timeout: silenceMs })
    this.#client = client
    client.on('notification', ({ payload }) => this.#heard.grown(Number(payload)))
    client.on('end', () => this.#lost(client))
    // A client that is closed while it connects neither resolves nor rejects.
    const ended = once(client, 'end').then(() => Promise.reject(new Error('The connection has ended.')))
    await Promise.race([client.connect(), ended])
    return client
  }

  /**
   * The connection has ended while it waited for notifications. A new one is made now and not only when it is checked
   * next.
   */
  #lost(client: Client): void {
    if (this.#client !== client) return
    this.#client = null
    this.#isListening = false
    this.#rest.abort()
  }

  async #drop(): Promise<void> {
    const client = this.#client
    this.#client = null
    this.#isListening = false
    if (client) await endClient(client)
  }
}
