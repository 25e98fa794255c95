import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { createClient, endClient, retryMs } from './connect.ts'

export interface ListenerOptions {
  /** How often the head is read, in case a notification was lost. */
  readonly pollMs: number
}

export interface Heard {
  /** An append has reached this position. */
  grown(head: number): void
  /** The head is at this position now; lower than before when the database was restored. */
  found(head: number): void
}

/** After this silence of the server its connection counts as dead. */
const silenceMs = 2000

/**
 * Learns what other instances append. A notification that is sent while nobody listens is lost, so the head is read after
 * each connect and then from time to time; that also detects a connection that broke silently.
 */
export class NotificationListener {
  readonly #url: string
  readonly #channel: string
  readonly #pollMs: number
  readonly #heard: Heard
  readonly #running: Promise<void>
  #client: Client | null = null
  #rest = new AbortController()
  #failures = 0
  #isClosed = false

  constructor(url: string, logId: string, { pollMs }: ListenerOptions, heard: Heard) {
    this.#url = url
    this.#channel = `mps_gateway_${logId}`
    this.#pollMs = pollMs
    this.#heard = heard
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#rest.abort()
    await this.#drop()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const wasWoken = await this.#pause(await this.#look())
      if (wasWoken) await this.#pause(retryMs(this.#failures))
    }
  }

  /** Returns how long to wait until the head is read next. */
  async #look(): Promise<number> {
    try {
      const client = this.#client ?? (await this.#connect())
      const { rows } = await client.query<{ head: string }>(
        'SELECT greatest((SELECT max(seq) FROM events), start) AS head FROM retention',
      )
      this.#failures = 0
      this.#heard.found(Number(rows[0]?.head ?? 0))
      return this.#pollMs
    } catch {
      await this.#drop()
      return retryMs(this.#failures++)
    }
  }

  /** Whether it ended before it was closed. */
  async #pause(ms: number): Promise<boolean> {
    if (this.#isClosed) return true
    this.#rest = new AbortController()
    return sleep(ms, false, { signal: this.#rest.signal }).catch(() => true)
  }

  async #connect(): Promise<Client> {
    const client = createClient(this.#url, {
      application_name: this.#channel,
      query_timeout: silenceMs,
    })
    this.#client = client
    client.on('notification', ({ payload }) => this.#heard.grown(Number(payload)))
    client.on('end', () => this.#lost(client))
    // A client that is closed while it connects neither resolves nor rejects.
    const ended = once(client, 'end').then(() => Promise.reject(new Error('The connection has ended.')))
    await Promise.race([client.connect(), ended])
    await client.query(`LISTEN ${this.#channel}`)
    return client
  }

  /**
   * The connection has ended while it waited for notifications. A new one is made now and not only when the head is read
   * next.
   */
  #lost(client: Client): void {
    if (this.#client !== client) return
    this.#client = null
    this.#rest.abort()
  }

  async #drop(): Promise<void> {
    const client = this.#client
    this.#client = null
    if (client) await endClient(client)
  }
}
