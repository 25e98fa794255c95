import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool, type ClientConfig } from 'pg'

/** After this time the server ends a statement. The client gives up a second later, in case the server is silent. */
const statementTimeoutMs = 5000

/** How long to wait for a lock, and for a connection of the pool. */
const patienceMs = 1000

const config: ClientConfig = {
  application_name: 'mps-gateway',
  connectionTimeoutMillis: patienceMs,
  statement_timeout: statementTimeoutMs,
  lock_timeout: patienceMs,
  idle_in_transaction_session_timeout: statementTimeoutMs,
  query_timeout: statementTimeoutMs + 1000,
  keepAlive: true,
}

/** A connection that breaks while it is idle is dropped, and the pool makes a new one when it is needed. */
export function createPool(connectionString: string, size: number): Pool {
  const pool = new Pool({ ...config, connectionString, max: size })
  pool.on('error', () => {})
  return pool
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
