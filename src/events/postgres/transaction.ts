import type { PoolClient, QueryResult } from 'pg'
import type { SqlRow } from '../sql/sql.ts'
import { settings, standing, type Standing } from './connect.ts'
import { StandbyServer } from './refusal.ts'

const begin = `BEGIN; ${Object.entries(settings)
  .map(([name, ms]) => `SET LOCAL ${name} = ${ms};`)
  .join(' ')} ${standing('transaction')}`

/** One statement in a transaction that has our settings. All of it is sent at once, so it costs one round trip. */
export async function inTransaction(
  client: PoolClient,
  sql: string,
  values: unknown[],
): Promise<{ readonly rows: readonly SqlRow[] }> {
  const { stream } = client.connection
  stream.cork()
  const begun = client.query<Standing>(begin) as unknown as Promise<readonly QueryResult<Standing>[]>
  const done = client.query<Record<string, unknown>>(sql, values)
  const ended = client.query('COMMIT')
  stream.uncork()
  await Promise.allSettled([begun, done, ended])
  const follows = (await begun).at(-1)?.rows[0]?.follows
  if (follows !== false) throw new StandbyServer()
  const { rows } = await done
  await ended
  return { rows }
}
