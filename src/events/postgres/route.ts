import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { createClient, endClient, type Route } from './connect.ts'
import {
  isSettingRefused,
  isStarting,
  refusalFromPostgres,
  refuseEncoding,
  refuseSearchPath,
  StandbyServer,
} from './refusal.ts'

export interface Reached {
  readonly client: Client
  readonly route: Route
}

/** Connects for the first time, and finds out what is on the way. Waits for a server that is started together with us. */
export async function reach(url: string, until: number, queryTimeoutMs: number): Promise<Reached> {
  for (let isPooled = false; ;) {
    const client = createClient({ url, isPooled }, { query_timeout: queryTimeoutMs })
    try {
      await client.connect()
      const hasSettings = await inspect(client, url)
      return { client, route: { url, isPooled: isPooled || !hasSettings } }
    } catch (error) {
      await endClient(client)
      if (!isPooled && isSettingRefused(error)) isPooled = true
      else if (isStarting(error) && performance.now() < until) await sleep(200)
      else throw refusalFromPostgres(url, error)
    }
  }
}

interface Seen {
  readonly encoding: string
  readonly follows: boolean
  readonly lock_timeout: string
  readonly search_path: string
}

/** Whether the settings of the connection have arrived. Throws when the server, or the way to it, is of no use. */
async function inspect(client: Client, url: string): Promise<boolean> {
  const { rows } = await client.query<Seen>(
    `SELECT current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS follows,
     current_setting('lock_timeout') AS lock_timeout, current_setting('search_path') AS search_path`,
  )
  const seen = rows[0] ?? { encoding: '', follows: false, lock_timeout: '', search_path: '' }
  if (seen.follows) throw new StandbyServer()
  if (seen.encoding !== 'UTF8') throw refuseEncoding(url, seen.encoding)
  if (await isSession(client)) return seen.lock_timeout !== '0'
  const wanted = searchPathIn(url)
  if (wanted !== null && wanted !== plain(seen.search_path)) throw refuseSearchPath(url)
  // A pooler that lends connections for one statement ends this one here.
  await client.query('BEGIN')
  await client.query('COMMIT')
  return seen.lock_timeout !== '0'
}

/** Whether the connection leads to one process of the server: a pooler names itself when it is asked who answers. */
export async function isSession(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const { processID } = client as Client & { readonly processID?: number | null }
  return rows[0]?.pid === processID
}

function searchPathIn(url: string): string | null {
  const options = URL.parse(url)?.searchParams.get('options') ?? ''
  const [, path = null] = /search_path=(\S+)/.exec(options) ?? []
  return path === null ? null : plain(path)
}

const plain = (path: string): string => path.replace(/[\s"\\]/g, '')
