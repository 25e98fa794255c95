import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool, type ClientBase, type ClientConfig } from 'pg'
import { StandbyServer } from './refusal.ts'

/** After this time the server ends a statement. The client gives up a second later, in case the server is silent. */
const statementTimeoutMs = 5000

/** How long to wait for a lock. */
const lockTimeoutMs = 1000

/** A connection with TLS and a password takes seven round trips. */
const connectTimeoutMs = 5000

/** How long a connection is kept that nobody needs. */
const idleMs = 60_000

/** Of the server. */
export const settings = {
  statement_timeout: statementTimeoutMs,
  lock_timeout: lockTimeoutMs,
  idle_in_transaction_session_timeout: statementTimeoutMs,
}

const config: ClientConfig = {
  application_name: 'mps-gateway',
  connectionTimeoutMillis: connectTimeoutMs,
  query_timeout: statementTimeoutMs + 1000,
  keepAlive: true,
}

/** How the server is reached. */
export interface Route {
  readonly url: string
  /**
   * Whether something on the way, such as pgbouncer, keeps the settings of a connection from the server: then each
   * transaction brings them along.
   */
  readonly isPooled: boolean
}

export interface PoolSize {
  readonly most: number
  /** So many stay open once they are. */
  readonly kept: number
}

/** What is known of a route when a connection is made. */
function configFor({ url, isPooled }: Route): ClientConfig {
  return { ...config, ...(isPooled ? { pipeline: true } : settings), connectionString: url }
}

/** A connection that breaks while it is idle is dropped. */
export function createPool(route: Route, { most, kept }: PoolSize): Pool {
  const pool = new Pool({
    ...configFor(route),
    max: most,
    min: kept,
    idleTimeoutMillis: idleMs,
    onConnect: (client) => check(client, route.isPooled),
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export interface Standing {
  readonly follows: boolean
}

/**
 * Asks whether the server is a standby, which answers with what is old, and has it wait for the disk where it is set not to:
 * for the whole connection, or for this transaction alone. A write that is sent to Graph has to be on record.
 */
export const standing = (scope: 'connection' | 'transaction'): string =>
  `SELECT pg_is_in_recovery() AS follows, CASE current_setting('synchronous_commit') WHEN 'off'
   THEN set_config('synchronous_commit', 'on', ${scope === 'transaction'}) END`

async function check(client: ClientBase, isPooled: boolean): Promise<void> {
  const { rows } = await client.query<Standing>(standing(isPooled ? 'transaction' : 'connection'))
  if (rows[0]?.follows !== false) throw new StandbyServer()
}

/** A connection outside the pool. Its user learns of its end from its queries or its `end` event. */
export function createClient(route: Route, changes: ClientConfig = {}): Client {
  const client = new Client({ ...configFor(route), ...changes })
  client.on('error', () => {})
  return client
}

/** A server that cannot be reached does not confirm the end of a connection; after this time it is not waited for. */
const goodbyeMs = 1000

export async function endPool(pool: Pool): Promise<void> {
  if (!pool.ending) await Promise.race([pool.end(), sleep(goodbyeMs, undefined, { ref: false })])
}

export async function endClient(client: Client): Promise<void> {
  const leave = new AbortController()
  const late = sleep(goodbyeMs, undefined, { signal: leave.signal, ref: false })
  await Promise.race([client.end(), late]).catch(() => {})
  leave.abort()
  client.connection.stream.destroy()
}

const slowestRetryMs = 2000

/** The pause doubles each time, with jitter so that instances do not reconnect together. */
export function retryMs(failures: number): number {
  return Math.min(slowestRetryMs, 50 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)
}
