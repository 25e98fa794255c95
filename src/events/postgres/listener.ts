import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { createClient, endClient } from './connect.ts'

export interface ListenerOptions {
  /** Between two looks at the head, in case a notification was lost. */
  readonly pollMs: number
}

export interface Heard {
  /** Somebody appended up to here. */
  grown(head: number): void
  /** The head is here now: lower than before when the database was restored. */
  found(head: number): void
}

/** How long the server may be silent before its connection counts as dead. */
const silenceMs = 2000

const slowestRetryMs = 2000

/**
 * Hears of what other instances append. A notification that was sent while nobody listened is lost, so the head is
 * looked at after each connect and then now and again: that also finds a connection that died without a word.
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

  /** Comes back with how long to wait until the next look. */
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

  /** Whether something ended it before its time. */
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
    // What is closed while it connects says no more, neither yes nor no.
    const ended = once(client, 'end').then(() => Promise.reject(new Error('The connection has ended.')))
    await Promise.race([client.connect(), ended])
    await client.query(`LISTEN ${this.#channel}`)
    return client
  }

  /** It ended while it was waiting for notifications: not only at the next look is there to be another one. */
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

/** Twice as long each time, and not all instances at once. */
function retryMs(failures: number): number {
  return Math.min(slowestRetryMs, 50 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)
}
