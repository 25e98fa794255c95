import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool, type ClientBase, type ClientConfig } from 'pg'

/** After this time the server ends a statement. The client gives up a second later, in case the server is silent. */
const statementTimeoutMs = 5000

/** How long to wait for a lock. */
const lockTimeoutMs = 1000

/** A connection with TLS and a password takes seven round trips. */
const connectTimeoutMs = 5000

/** How long a connection is kept that nobody needs. */
const idleMs = 60_000

const config: ClientConfig = {
  application_name: 'mps-gateway',
  connectionTimeoutMillis: connectTimeoutMs,
  statement_timeout: statementTimeoutMs,
  lock_timeout: lockTimeoutMs,
  idle_in_transaction_session_timeout: statementTimeoutMs,
  query_timeout: statementTimeoutMs + 1000,
  keepAlive: true,
}

export interface PoolSize {
  readonly most: number
  /** So many stay open once they are. */
  readonly kept: number
}

/** A connection that breaks while it is idle is dropped. */
export function createPool(connectionString: string, { most, kept }: PoolSize): Pool {
  const onConnect = refuseStandby
  const pool = new Pool({
    ...config,
    connectionString,
    max: most,
    min: kept,
    idleTimeoutMillis: idleMs,
    onConnect,
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** A server that follows another one takes no writes and is behind; after a failover the address may still lead to one. */
async function refuseStandby(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ follows: boolean }>('SELECT pg_is_in_recovery() AS follows')
  if (rows[0]?.follows !== false) throw new Error('the server is a standby, which takes no writes')
}

/** A connection outside the pool. Its user learns of its end from its queries or its `end` event. */
export function createClient(connectionString: string, changes: ClientConfig = {}): Client {
  const client = new Client({ ...config, ...changes, connectionString })
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
