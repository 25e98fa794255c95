import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { SqlRow } from '../sql/sql.ts'
import { createPool, endPool, retryMs, type PoolSize, type Route } from './connect.ts'
import { isFull, leavesConnection } from './refusal.ts'
import { inTransaction } from './transaction.ts'
import { Turns } from './turns.ts'

/** What one statement is sent to: connections, or one of them. */
export interface Queryable {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: readonly SqlRow[] }>
}

/** How long after the server had no more connections it is asked for another one. */
const fullMs = 2000

export interface ConnectionsOptions extends PoolSize {
  /** How long a statement waits for a connection while the server has no more. */
  readonly patienceMs: number
}

/** At most so many connections. When the server has no more, statements wait for those there are. */
export class Connections implements Queryable {
  readonly #pool: Pool
  readonly #options: ConnectionsOptions
  readonly #isPooled: boolean
  readonly #turns: Turns
  #growth: NodeJS.Timeout | null = null
  #keeping: Promise<void> | null = null

  constructor(route: Route, options: ConnectionsOptions) {
    this.#options = options
    this.#isPooled = route.isPooled
    this.#turns = new Turns(options.most)
    this.#pool = createPool(route, options)
    this.#pool.on('remove', () => void (this.#keeping ??= this.#keep()))
  }

  /** Opens the first connection. */
  async open(patienceMs = 0): Promise<void> {
    await this.#persist(patienceMs, async () => {})
  }

  query(sql: string, values: unknown[]): Promise<{ readonly rows: readonly SqlRow[] }> {
    return this.#persist(this.#options.patienceMs, (client) =>
      this.#isPooled ? inTransaction(client, sql, values) : client.query(sql, values),
    )
  }

  /** Tries again while the server has no more connections. */
  async #persist<T>(patienceMs: number, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const until = performance.now() + patienceMs
    for (let failures = 0; ; failures++) {
      try {
        return await this.#use(work)
      } catch (error) {
        if (!isFull(error) || performance.now() >= until) throw error
        this.#manage()
        if (this.#pool.totalCount === 0) await sleep(retryMs(failures))
      }
    }
  }

  async close(): Promise<void> {
    if (this.#growth) clearTimeout(this.#growth)
    await endPool(this.#pool)
  }

  async #use<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    await this.#turns.take()
    try {
      const client = await this.#pool.connect()
      let isBroken = false
      try {
        return await work(client)
      } catch (error) {
        isBroken = !leavesConnection(error)
        throw error
      } finally {
        client.release(isBroken)
      }
    } finally {
      this.#turns.giveBack()
    }
  }

  /** Manages with the connections there are, and tries to have more again a little later. */
  #manage(): void {
    this.#turns.setLimit(Math.max(1, this.#pool.totalCount))
    this.#growth ??= setTimeout(() => {
      this.#growth = null
      this.#turns.setLimit(this.#options.most)
    }, fullMs).unref()
  }

  /** Has the connections that are kept again before somebody needs them. */
  async #keep(): Promise<void> {
    for (let failures = 0; this.#isShort(); failures++) {
      await sleep(retryMs(failures), undefined, { ref: false })
      if (this.#isShort()) await this.open().catch(() => {})
    }
    this.#keeping = null
  }

  #isShort(): boolean {
    return !this.#pool.ending && this.#pool.totalCount < this.#options.kept
  }
}
